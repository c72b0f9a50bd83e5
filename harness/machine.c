/*
 * Describes the machine: processor, kernel and what of them bears on speed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "machine.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "guest.h"

/* The first line of a file, or null where it cannot be read. */
static json_t *first_line(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[512];
	json_t *text = json_null();

	if (!file)
		return text;
	if (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		text = json_string(line);
	}
	fclose(file);
	return text ? text : json_null();
}

/* Of the first processor that workers get, or null. */
static json_t *governor(const struct place *place)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor",
		 place->cpus[PLACE_COMPACT][0]);
	return first_line(path);
}

static json_t *mitigations(void)
{
	static const char folder[] = "/sys/devices/system/cpu/vulnerabilities";
	json_t *all = json_object();
	struct dirent *entry;
	DIR *directory = opendir(folder);

	while (directory && (entry = readdir(directory))) {
		char path[512];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		json_object_set_new(all, entry->d_name, first_line(path));
	}
	if (directory)
		closedir(directory);
	return all;
}

static json_t *cpu_model(const struct place *place)
{
	hwloc_obj_t root = hwloc_get_root_obj(place->topology);
	hwloc_obj_t package = hwloc_get_obj_by_type(place->topology, HWLOC_OBJ_PACKAGE, 0);
	const char *model = package ? hwloc_obj_get_info_by_name(package, "CPUModel") : NULL;

	if (!model)
		model = hwloc_obj_get_info_by_name(root, "CPUModel");
	return model ? json_string(model) : json_null();
}

static json_t *machine(const struct place *place)
{
	struct utsname name;

	return json_pack("{s:o, s:s, s:i, s:i, s:i, s:i, s:i, s:b, s:I, s:o}",
			 "cpu", cpu_model(place),
			 "arch", uname(&name) ? "unknown" : name.machine,
			 "packages", (int)place->nr_packages,
			 "cores", (int)place->nr_cores,
			 "pus", (int)place->nr_cpus[PLACE_COMPACT],
			 "numa_nodes", (int)place->nr_nodes,
			 "l3", (int)place->nr_l3,
			 "smt", place->nr_cpus[PLACE_COMPACT] > place->nr_cpus[PLACE_ONE_PER_CORE],
			 "memory_bytes", (json_int_t)sysconf(_SC_PHYS_PAGES) *
					 (json_int_t)sysconf(_SC_PAGESIZE),
			 "virtualisation",
			 json_string(guest_seen() ? "virtual machine" : "none seen"));
}

void machine_describe(json_t *root, const struct place *place)
{
	struct utsname name;

	json_object_set_new(root, "kernel", uname(&name) ? json_null() : json_string(name.release));
	json_object_set_new(root, "governor", governor(place));
	json_object_set_new(root, "mitigations", mitigations());
	json_object_set_new(root, "machine", machine(place));
}

/* Attributes, such as the size of the memory, may differ: objects and distances may not. */
static int topology_same(const char *path, const struct place *place, struct error *err)
{
	hwloc_topology_diff_t differences = NULL;
	struct place earlier;
	int ret = place_load(&earlier, path, err);

	if (ret)
		return ret;
	ret = hwloc_topology_diff_build(earlier.topology, place->topology, 0, &differences);
	hwloc_topology_diff_destroy(differences);
	place_close(&earlier);
	return ret ? error_set(err, EXDEV, "its topology is not what %s tells", path) : 0;
}

int machine_same(const json_t *earlier, const char *path, const struct place *place,
		 struct error *err)
{
	static const char *const names[] = { "kernel", "governor", "mitigations", "machine" };
	json_t *here = json_object(), *then = json_deep_copy(earlier);
	int error = here && then ? 0 : error_set(err, ENOMEM, "no memory for the machine");

	if (!error)
		machine_describe(here, place);
	json_object_del(json_object_get(here, "machine"), "memory_bytes");
	json_object_del(json_object_get(then, "machine"), "memory_bytes");
	for (unsigned i = 0; !error && i < sizeof(names) / sizeof(*names); i++)
		if (!json_equal(json_object_get(here, names[i]), json_object_get(then, names[i])))
			error = error_set(err, EXDEV, "its %s is not what meta.json tells", names[i]);
	json_decref(here);
	json_decref(then);
	return error ? error : topology_same(path, place, err);
}
