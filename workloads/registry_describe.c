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

/* What has a file of its own describes itself. NULL: the others. */
static const struct workload *own(const char *workload, const char *strategy)
{
	for (unsigned i = 0; registry_own[i]; i++)
		if (!strcmp(registry_own[i]->name, workload) &&
		    !strcmp(registry_own[i]->strategy, strategy))
			return registry_own[i];
	return NULL;
}

static struct workload describe(const struct description *description,
				const struct strategy *strategy, const char *variant)
{
	const struct workload *itself = own(description->workload.name, strategy->name);
	struct workload cell = itself ? *itself : description->workload;

	cell.variant = variant;
	if (itself)
		return cell;
	cell.strategy = strategy->name;
	cell.kind = strategy->kind;
	cell.max_workers = strategy_max_workers(strategy->caps);
	for (unsigned s = 0; s < NR_SETTINGS; s++)
		cell.hole[s] = strategy_hole(description->needs[s], strategy->caps,
					     strategy->hole);
	cell.hole_replace = strategy_hole(description->needs_replace, strategy->caps,
					  strategy->hole);
	return cell;
}

/* As the measuring program lists them: of a workload each variant in turn. */
static unsigned describe_all(struct workload *described, const char *const *variants)
{
	unsigned n = 0;

	for (unsigned w = 0; registry_workloads[w]; w++)
		for (unsigned v = 0; variants[v]; v++)
			for (unsigned s = 0; registry_strategies[s]; s++)
				described[n++] = describe(registry_workloads[w],
							  registry_strategies[s], variants[v]);
	return n;
}

int registry_open(struct registry *registry, const char *const *variants)
{
	static const char *const built[] = { registry_variant, NULL };
	unsigned workloads = 0, strategies = 0, nr_variants = 0;
	const struct workload **cells;
	struct workload *described;

	if (!variants)
		variants = built;
	while (registry_workloads[workloads])
		workloads++;
	while (registry_strategies[strategies])
		strategies++;
	while (variants[nr_variants])
		nr_variants++;
	described = calloc(workloads * strategies * nr_variants, sizeof(*described));
	cells = calloc(workloads * strategies * nr_variants, sizeof(*cells));
	if (!described || !cells) {
		free(described);
		free(cells);
		return -ENOMEM;
	}
	registry->nr_cells = describe_all(described, variants);
	for (unsigned i = 0; i < registry->nr_cells; i++)
		cells[i] = &described[i];
	registry->cells = cells;
	return 0;
}
