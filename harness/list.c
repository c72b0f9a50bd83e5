/*
 * The --list command.
 *
 * SPDX-License-Identifier: MIT
 */
#include "list.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
	[CELL_CANDIDATE] = "cell", [CELL_FLOOR] = "floor", [CELL_PEER] = "peer",
	[CELL_AID] = "aid",
};

static void print_cell(const struct workload *cell, enum setting setting)
{
	char name[128], what[160];

	snprintf(name, sizeof(name), "%s+%s", cell->name, cell->strategy);
	if (cell->hole[setting])
		snprintf(what, sizeof(what), "hole: %s", cell->hole[setting]);
	else
		snprintf(what, sizeof(what), "%s%s", kind_names[cell->kind],
			 cell->max_workers == 1 ? ", at one thread" :
			 cell->multiple == 2 ? ", pairs of threads" : "");
	printf("%-40s %-6s %s\n", name, plan_setting_name(setting), what);
}

void list_cells(const struct registry *registry)
{
	unsigned cells = 0, holes = 0;
	const char *workload = "";

	for (unsigned i = 0; i < registry->nr_cells; i++) {
		const struct workload *cell = registry->cells[i];

		if (cell->kind == CELL_CONTROL)
			continue;
		if (strcmp(workload, cell->name) != 0)
			printf("%s# %s: %s\n", *workload ? "\n" : "", cell->name, cell->summary);
		workload = cell->name;
		for (unsigned s = 0; s < NR_SETTINGS; s++) {
			if (!(cell->settings & 1u << s))
				continue;
			print_cell(cell, s);
			*(cell->hole[s] ? &holes : &cells) += 1;
		}
	}
	printf("\n%u cells and %u holes, a setting each\n", cells, holes);
}

void list_points(const struct plan *plan)
{
	char name[PLAN_NAME_BYTES];

	for (unsigned g = 0; g < plan->nr_groups; g++)
		for (unsigned i = 0; i < plan->groups[g].nr_cells; i++) {
			plan_point_name(&plan->groups[g], plan->groups[g].cells[i], name, sizeof(name));
			puts(name);
		}
	printf("\n%u points in %u group%s, controls apart\n", plan->nr_points, plan->nr_groups,
	       plan->nr_groups == 1 ? "" : "s");
}
