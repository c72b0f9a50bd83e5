/*
 * Writes hwloc's XML of a machine that is only described: synthetic 'pack:2 core:4 pu:2' FILE.xml
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include <hwloc.h>

int main(int argc, char **argv)
{
	hwloc_topology_t topology;
	int error;

	if (argc != 3) {
		fprintf(stderr, "usage: synthetic DESCRIPTION FILE.xml\n");
		return 2;
	}
	if (hwloc_topology_init(&topology))
		return 1;
	error = hwloc_topology_set_synthetic(topology, argv[1]) || hwloc_topology_load(topology) ||
		hwloc_topology_export_xml(topology, argv[2], 0);
	hwloc_topology_destroy(topology);
	if (error)
		fprintf(stderr, "synthetic: cannot write '%s' to %s\n", argv[1], argv[2]);
	return error;
}
