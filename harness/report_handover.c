/*
 * What a report says of the time from core to core, and whether it stayed the same during the run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

/* Of what the launches of a kind of pair tell, the lowest and highest twentieth, at least one, left out. */
#define LEFT_OUT 20
#define FEWEST 6
/* Times that the ends may differ by: a quiet machine's differ by 1.3. */
#define MOVED 1.5

struct spread {
	size_t nr;		/* launches; 0: too few to tell */
	double lo, median, hi;	/* ns */
};

static const char *words_step(const char *step)
{
	return !strcmp(step, "SMT") ? "inside a core" :
	       !strcmp(step, "core") ? "to another core" :
	       !strcmp(step, "L3") ? "to another L3 cache" :
	       !strcmp(step, "node") ? "to another NUMA node" :
	       !strcmp(step, "package") ? "to another package" : step;
}

/* false without memory. */
static bool spread_take(struct spread *spread, const json_t *launches)
{
	const size_t size = json_array_size(launches);
	double *ns = calloc(size + 1, sizeof(*ns));
	size_t nr = 0, cut;

	*spread = (struct spread){ .nr = 0 };
	if (!ns)
		return false;
	for (size_t i = 0; i < size; i++)
		/* Below the second that is waited for, and above 0. */
		if (json_number_value(json_array_get(launches, i)) > 0 &&
		    json_number_value(json_array_get(launches, i)) < 1e9)
			ns[nr++] = json_number_value(json_array_get(launches, i));
	if (nr >= FEWEST) {
		cut = nr / LEFT_OUT ? nr / LEFT_OUT : 1;
		qsort(ns, nr, sizeof(*ns), stats_compare);
		*spread = (struct spread){ nr, ns[cut], (ns[(nr - 1) / 2] + ns[nr / 2]) / 2, ns[nr - 1 - cut] };
	}
	free(ns);
	return true;
}

void words_handovers(struct words *words, const struct report *report)
{
	json_t *again = results_meta(&report->results, "handover", "again"), *value;
	json_t *all = results_meta(&report->results, "handover", "ns");
	const double cores = results_meta_number(&report->results, "handover", "cores");
	const double chosen = results_meta_number(&report->results, "handover", "chosen");
	struct spread spread;
	const char *step;

	json_object_foreach(all, step, value)
		if (json_is_number(value))
			words_add(words, "hand-over of a cache line, %s\t%.3g ns", words_step(step),
				  json_number_value(value));
	json_object_foreach(again, step, value) {
		words->failed |= !spread_take(&spread, value);
		if (spread.nr)
			words_add(words, "before each of %zu launches, %s\t%.3g to %.3g ns, median %.3g ns",
				  spread.nr, words_step(step), spread.lo, spread.hi, spread.median);
	}
	if (chosen < cores)
		words_add(words, "hand-overs\tmeasured between %.0f cores of %.0f, evenly chosen",
			  chosen, cores);
}

void words_moved(struct words *words, const struct report *report)
{
	json_t *again = results_meta(&report->results, "handover", "again"), *launches;
	const bool guest = !strcmp(results_meta_text(&report->results, "machine", "virtualisation"),
				   "virtual machine");
	struct spread spread;
	const char *step;

	json_object_foreach(again, step, launches) {
		words->failed |= !spread_take(&spread, launches);
		if (!spread.nr || spread.hi < MOVED * spread.lo)
			continue;
		words_add(words, "The machine changed during the run: a cache line took %.3g ns %s before some "
			  "launches and %.3g ns before others%s. Figures of several threads, and those of churn "
			  "whose frees another core does, mix the two; their intervals are as wide as that. %s",
			  spread.lo, words_step(step), spread.hi, guest ?
			  ", as where a hypervisor moves virtual processors" : "", guest ?
			  "Pin them on the host, or measure on a machine of your own." :
			  "./run.sh doctor may tell why.");
	}
}
