/*
 * The registry of the light program: every strategy with every workload, described and not built.
 *
 * SPDX-License-Identifier: MIT
 */
#include "registry_describe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../kref/kref.h"
#include "registry.h"

static struct workload describe(const struct description *description,
				const struct strategy *strategy)
{
	struct workload cell = description->workload;

	cell.strategy = strategy->name;
	cell.variant = registry_variant;
	cell.kind = strategy->kind;
	cell.max_workers = strategy_max_workers(strategy->caps);
	for (unsigned s = 0; s < NR_SETTINGS; s++)
		cell.hole[s] = strategy_hole(description->needs[s], strategy->caps,
					     strategy->hole);
	return cell;
}

/* What has a file of its own describes itself. */
static const struct workload *own_or(const struct workload *described)
{
	for (unsigned i = 0; registry_own[i]; i++)
		if (!strcmp(registry_own[i]->name, described->name) &&
		    !strcmp(registry_own[i]->strategy, described->strategy))
			return registry_own[i];
	return described;
}

int registry_open(struct registry *registry)
{
	unsigned nr_workloads = 0, nr_strategies = 0, n = 0;
	const struct workload **cells;
	struct workload *described;

	while (registry_workloads[nr_workloads])
		nr_workloads++;
	while (registry_strategies[nr_strategies])
		nr_strategies++;
	described = calloc(nr_workloads * nr_strategies, sizeof(*described));
	cells = calloc(nr_workloads * nr_strategies, sizeof(*cells));
	if (!described || !cells) {
		free(described);
		free(cells);
		return -ENOMEM;
	}
	for (unsigned w = 0; w < nr_workloads; w++)
		for (unsigned s = 0; s < nr_strategies; s++, n++) {
			described[n] = describe(registry_workloads[w], registry_strategies[s]);
			cells[n] = own_or(&described[n]);
		}
	registry->cells = cells;
	registry->nr_cells = n;
	return 0;
}
