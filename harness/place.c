/*
 * Loads the topology of this machine, or of another; what lies outside a placement.
 *
 * SPDX-License-Identifier: MIT
 */
#include "place.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runfile.h"

/* A topology from the environment may never be measured as this machine. */
static int topology_init(hwloc_topology_t *topology, struct error *err)
{
	unsetenv("HWLOC_SYNTHETIC");
	unsetenv("HWLOC_XMLFILE");
	unsetenv("HWLOC_FSROOT");
	if (hwloc_topology_init(topology))
		return error_set(err, errno, "hwloc cannot start: %s", strerror(errno));
	return 0;
}

int place_open(struct place *place, struct error *err)
{
	hwloc_topology_t topology;
	int error = topology_init(&topology, err);

	if (error)
		return error;
	/* Without these two hwloc shows processors that taskset took away. */
	hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM |
				 HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING);
	if (hwloc_topology_load(topology)) {
		error = error_set(err, errno ? errno : EIO,
				  "hwloc cannot load this machine's topology: %s",
				  strerror(errno));
		hwloc_topology_destroy(topology);
		return error;
	}
	return place_order(place, topology, err);
}

/* hwloc takes processors without a number, with one that no system has, and with another's. */
static bool numbers_are_good(hwloc_topology_t topology)
{
	hwloc_obj_t pu = NULL;

	while ((pu = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, pu)))
		if (!hwloc_bitmap_isset(pu->cpuset, pu->os_index) ||
		    hwloc_get_pu_obj_by_os_index(topology, pu->os_index) != pu)
			return false;
	return true;
}

static bool load_xml(hwloc_topology_t topology, const char *path)
{
	return !hwloc_topology_set_xml(topology, path) && !hwloc_topology_load(topology) &&
	       numbers_are_good(topology);
}

/* Beyond what a process has already. hwloc takes 40 MB for 8192 processors. */
#define XML_BYTES (256ul << 20)

/* For a processor whose number is not told hwloc 2.9 makes bitmaps of 512 MB. */
static void limit_memory(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long pages;
	struct rlimit limit;

	if (file && fscanf(file, "%lu", &pages) == 1 && !getrlimit(RLIMIT_AS, &limit)) {
		const rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + XML_BYTES;

		limit.rlim_cur = bytes < limit.rlim_cur ? bytes : limit.rlim_cur;
		setrlimit(RLIMIT_AS, &limit);
	}
	if (file)
		fclose(file);
}

/* In a process of its own: hwloc 2.9 falls over some damaged files. */
static bool can_load_xml(hwloc_topology_t topology, const char *path)
{
	const pid_t child = fork();
	int status = 0;

	if (!child) {
		limit_memory();
		_exit(load_xml(topology, path) ? 0 : 1);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return !status;
}

int place_load(struct place *place, const char *path, struct error *err)
{
	hwloc_topology_t topology;
	struct stat status;
	int error;

	if (access(path, R_OK) || stat(path, &status))
		return error_set(err, errno, "%s: %s", path, strerror(errno));
	/* A pipe would be waited for, and is read twice; some devices never end. */
	if (!S_ISREG(status.st_mode))
		return error_set(err, EINVAL, "%s: is no file", path);
	error = topology_init(&topology, err);
	if (error)
		return error;
	if (can_load_xml(topology, path) && load_xml(topology, path))
		return place_order(place, topology, err);
	hwloc_topology_destroy(topology);
	return error_set(err, EINVAL, "%s: is no topology in hwloc's XML (lstopo FILE.xml on the "
			 "machine writes one)", path);
}

void place_close(struct place *place)
{
	for (unsigned i = 0; i < NR_PLACEMENTS; i++) {
		free(place->cpus[i]);
		free(place->steps[i]);
		free(place->boundaries[i]);
	}
	free(place->seats);
	hwloc_topology_destroy(place->topology);
}

bool place_has_node(const struct place *place, unsigned node)
{
	return hwloc_get_numanode_obj_by_os_index(place->topology, node);
}

/* Copies what is in set; false without memory. */
static bool to_cpu_set(hwloc_const_bitmap_t set, cpu_set_t **cpus, size_t *bytes)
{
	const int last = hwloc_bitmap_last(set);
	int cpu;

	*bytes = CPU_ALLOC_SIZE(last + 1);
	*cpus = CPU_ALLOC(last + 1);
	if (!*cpus)
		return false;
	CPU_ZERO_S(*bytes, *cpus);
	for (cpu = hwloc_bitmap_first(set); cpu >= 0; cpu = hwloc_bitmap_next(set, cpu))
		CPU_SET_S(cpu, *bytes, *cpus);
	return true;
}

bool place_outside(const struct place *place, enum placement placement, unsigned n,
		   cpu_set_t **cpus, size_t *bytes)
{
	hwloc_const_bitmap_t all = hwloc_topology_get_topology_cpuset(place->topology);
	hwloc_bitmap_t processors = hwloc_bitmap_alloc(), cores = hwloc_bitmap_alloc();
	hwloc_bitmap_t outside = hwloc_bitmap_alloc();
	bool found = false;

	*cpus = NULL;
	if (!processors || !cores || !outside)
		goto out;
	for (unsigned i = 0; i < n && i < place->nr_cpus[placement]; i++) {
		hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(place->topology,
				(unsigned)place->cpus[placement][i]);
		hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(place->topology, HWLOC_OBJ_CORE,
								  pu);

		hwloc_bitmap_or(processors, processors, pu->cpuset);
		hwloc_bitmap_or(cores, cores, (core ? core : pu)->cpuset);
	}
	/* A sibling on a worker's core would slow it: only where no other core is left. */
	hwloc_bitmap_andnot(outside, all, cores);
	if (hwloc_bitmap_iszero(outside))
		hwloc_bitmap_andnot(outside, all, processors);
	found = !hwloc_bitmap_iszero(outside);
	if (!to_cpu_set(found ? outside : all, cpus, bytes))
		found = false;
out:
	hwloc_bitmap_free(processors);
	hwloc_bitmap_free(cores);
	hwloc_bitmap_free(outside);
	return found;
}

int place_export(const struct place *place, const char *path, struct error *err)
{
	int bytes, error;
	char *text;
	FILE *file;

	/* Into memory: of a file it does not tell why it cannot be written. */
	if (hwloc_topology_export_xmlbuffer(place->topology, &text, &bytes, 0))
		return error_set(err, ENOMEM, "hwloc cannot tell this machine's topology for %s", path);
	file = runfile_create(path, &error, err);
	if (file) {
		fputs(text, file);
		error = runfile_close(file);
		if (error)
			error_set(err, -error, "cannot write %s: %s", path, strerror(-error));
	}
	hwloc_free_xmlbuffer(place->topology, text);
	return error;
}
