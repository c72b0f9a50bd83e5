/*
 * Topologies in XML to the orders of processors that placements make of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "harness/place.h"

/* hwloc's parser is not tested here: what it falls over, as what it refuses, is passed over. */
static int can_load(const char *path)
{
	const pid_t child = fork();
	hwloc_topology_t topology;
	int status = 1;

	if (!child) {
		for (int i = 1; i < NSIG; i++)
			signal(i, SIG_DFL);
		_exit(hwloc_topology_init(&topology) || hwloc_topology_set_xml(topology, path) ||
		      hwloc_topology_load(topology));
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return !status;
}

static void check_placement(const struct place *place, enum placement placement)
{
	const unsigned n = place->nr_cpus[placement];

	fuzz_promise(n ? !place->missing[placement] : !!place->missing[placement],
		     "a placement has processors or a reason");
	for (unsigned i = 0; i < n; i++)
		fuzz_promise(place->cpus[placement][i] >= 0, "a processor has a number");
	for (unsigned i = 0; i < place->nr_boundaries[placement]; i++)
		fuzz_promise(place->boundaries[placement][i].n < n, "boundaries are inside");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[128];
	struct error err = { "" };
	struct place place;
	cpu_set_t *cpus;
	size_t bytes;

	fuzz_write("topology.xml", data, size);
	snprintf(path, sizeof(path), "%s/topology.xml", fuzz_dir());
	if (!can_load(path))
		return 0;
	if (place_load(&place, path, &err)) {
		fuzz_promise(*err.text && !strpbrk(err.text, "\n\r\033"), "a refusal has its line");
		return 0;
	}
	for (enum placement placement = 0; placement < PLACE_LIST; placement++) {
		check_placement(&place, placement);
		place_outside(&place, placement, 1, &cpus, &bytes);
		CPU_FREE(cpus);
	}
	place_close(&place);
	return 0;
}
