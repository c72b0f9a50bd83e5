/*
 * What differs between the meta.json of two runs and may move a number.
 *
 * SPDX-License-Identifier: MIT
 */
#include "compare.h"

#include "facts.h"

/* Top-level fields, in the order in which they are told. Times and counts of a run are left out. */
static const char *const fields[] = {
	"host", "machine", "kernel", "governor", "mitigations", "commit", "strategy_header",
	"toolchain", "libraries", "command", "seed", "quick", "precision", "budget_s", "alloc",
	"poll_every", "link_orders", "placements", "threads", "clock", "launches_done", "status",
};

struct differences {
	FILE *out;
	unsigned nr;
};

static void difference_print(void *arg, const struct fact *fact)
{
	struct differences *differences = arg;

	if (!fact_differs(fact))
		return;
	fputs("  ", differences->out);
	fact_text(fact->path, differences->out);
	fputs("\n    A  ", differences->out);
	fact_print(fact->values[0], differences->out);
	fputs("\n    B  ", differences->out);
	fact_print(fact->values[1], differences->out);
	fputc('\n', differences->out);
	differences->nr++;
}

unsigned compare_meta_print(const json_t *a, const json_t *b, FILE *out)
{
	const json_t *const metas[] = { a, b };
	struct differences differences = { .out = out };

	facts_walk(metas, 2, fields, sizeof(fields) / sizeof(*fields), difference_print, &differences);
	return differences.nr;
}
