/*
 * What bore on a run's figures: the machine as it was at the start, and what came between windows
 * and their processors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

static const char *item_text(json_t *item, const char *name)
{
	const char *text = json_string_value(json_object_get(item, name));

	return text ? text : "";
}

static bool item_is(json_t *item, const char *mark)
{
	return !strcmp(item_text(item, "mark"), mark);
}

bool report_matters(const struct report *report, const char *name)
{
	json_t *items = results_meta(&report->results, "environment", NULL), *item;
	size_t i;

	json_array_foreach(items, i, item)
		if (!strcmp(item_text(item, "name"), name) && item_is(item, "matters"))
			return true;
	return false;
}

void words_environment(struct words *words, const struct report *report)
{
	json_t *items = results_meta(&report->results, "environment", NULL), *item;
	char unknown[512] = "";
	unsigned nr = 0;
	size_t i;

	json_array_foreach(items, i, item) {
		const char *value = item_text(item, "value"), *remedy = item_text(item, "remedy");
		const size_t used = strlen(unknown);

		if (item_is(item, "unknown"))
			snprintf(unknown + used, sizeof(unknown) - used, "%s%s", used ? ", " : "",
				 item_text(item, "name"));
		if (!item_is(item, "matters"))
			continue;
		if (!nr++)
			words_add(words, "Of this machine, as it was at the start, these bear on the "
				  "figures:");
		/* What follows a colon, the table of the machine tells in full. */
		words_add(words, "%s, %.*s: %s.%s%s", item_text(item, "name"),
			  (int)strcspn(value, ":"), value, item_text(item, "effect"),
			  *remedy ? " Remedy: " : "", remedy);
	}
	if (*unknown)
		words_add(words, "Nothing could be read here of: %s.", unknown);
}

/* The windows of a run, and those that met each cause. */
struct met {
	unsigned long long windows, steal, switched, oversubscribed, migrated, clock_step;
};

static int count_windows(const struct report *report, struct met *met)
{
	struct samples samples;
	struct sample sample;
	struct error err;
	char *path;
	int ret;

	if (asprintf(&path, "%s/samples.csv", report->dir) < 0)
		return -ENOMEM;
	ret = samples_open(&samples, path, &err);
	free(path);
	if (ret)
		return ret;
	while ((ret = samples_next_flags(&samples, &sample, &err)) > 0) {
		const bool switched = sample.flags & FLAGSET_SWITCHED;

		met->windows++;
		met->steal += !!(sample.flags & FLAGSET_STEAL);
		met->switched += switched;
		met->oversubscribed += switched && sample.flags & FLAGSET_OVERSUBSCRIBED;
		met->migrated += !!(sample.flags & FLAGSET_MIGRATED);
		met->clock_step += !!(sample.flags & FLAGSET_CLOCK_STEP);
	}
	samples_close(&samples);
	return ret;
}

void words_disturbed(struct words *words, const struct report *report)
{
	struct met met = { 0 };
	char share[96] = "";

	/* Runs from before there was such a list flagged none of it. */
	if (!json_is_array(results_meta(&report->results, "environment", NULL)) ||
	    count_windows(report, &met) || !met.windows)
		return;
	if (met.oversubscribed)
		snprintf(share, sizeof(share), ", %llu of them with more threads than processors",
			 met.oversubscribed);
	words_add(words, "Steal: %llu of %llu windows are of rounds in which the hypervisor took time "
		  "from a worker's processor. It tells of that in ticks of 10 ms, so that no single "
		  "window can be blamed.", met.steal, met.windows);
	words_add(words, "Involuntary switches: in %llu of %llu windows a worker was taken from its "
		  "processor against its will%s.", met.switched, met.windows, share);
	words_add(words, "Migrations: in %llu of %llu windows a worker was seen on another processor "
		  "than its own.", met.migrated, met.windows);
	words_add(words, "Clock steps: in %llu of %llu windows the measuring clock and another one told "
		  "different times. No window was left out for any of this.", met.clock_step,
		  met.windows);
}
