/*
 * Which events a launch is to count: the suite's, or those that the user names.
 *
 * SPDX-License-Identifier: MIT
 */
#include "count_plan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "events.h"

__attribute__((format(printf, 3, 4)))
static void absent(struct count_plan *plan, unsigned counter, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(plan->absences[counter], sizeof(plan->absences[counter]), format, args);
	va_end(args);
}

/* Encodes it under its name for libpfm4, "" before. */
static bool encode(struct count_plan *plan, unsigned counter, const char *pmu, const char *event)
{
	char *code = plan->codes[counter];

	snprintf(code, sizeof(plan->codes[counter]), "%s%s%s", pmu, *pmu ? "::" : "", event);
	if (!event_encode(code, &plan->events[counter]))
		return true;
	*code = '\0';
	return false;
}

/* One of the suite's that each kind of processor has under another name. */
static void find_own(struct count_plan *plan, unsigned counter, const struct count_scene *scene,
		     const char *pmu)
{
	const struct events_processor *processor = pmu ? events_processor_find(pmu) : NULL;
	const char *event =
		processor ? processor->events[counter - COUNTER_FIRST_OF_PROCESSOR] : NULL;

	*plan->absences[counter] = '\0';
	if (scene->no_pmu)
		absent(plan, counter, "%s", count_scene_no_pmu(scene));
	else if (!pmu || !*pmu)
		absent(plan, counter, "libpfm4 does not know this processor");
	else if (!processor)
		absent(plan, counter, "krefbench knows no such event of this processor, %s", pmu);
	else if (!event)
		absent(plan, counter, "this processor, %s, has no such event", pmu);
	else if (!encode(plan, counter, pmu, event))
		absent(plan, counter, "the event is unknown to libpfm4 on this processor: %s", event);
}

/* Returns 0, or -EINVAL with err set. */
static int find_named(struct count_plan *plan, const char *name, const struct count_scene *scene,
		      const char *pmu, struct error *err)
{
	const unsigned counter = plan->nr++;

	plan->names[counter] = name;
	if (encode(plan, counter, "", name))
		return 0;
	if (pmu)
		return error_set(err, EINVAL, "--counters: \"%s\" is no counter of krefbench and no "
				 "event that libpfm4 knows on this machine%s%s", name,
				 *pmu ? ", " : "", pmu);
	absent(plan, counter, "%s, so that libpfm4 cannot tell whether there is such an event",
	       scene->no_pmu ? count_scene_no_pmu(scene) : "libpfm4 does not know this processor");
	return 0;
}

static bool is_asked(const struct options *options, unsigned counter)
{
	/* The groups are led by cycles; the software's take no counter from others. */
	if (!options->nr_counters || counter == COUNTER_CYCLES || counter_is_software(counter))
		return true;
	for (unsigned i = 0; i < options->nr_counters; i++)
		if (!strcmp(options->counters[i], counter_name(counter)))
			return true;
	return false;
}

static bool is_own(const char *name)
{
	for (unsigned i = 0; i < NR_COUNTERS; i++)
		if (!strcmp(name, counter_name(i)))
			return true;
	return false;
}

int count_plan_make(struct count_plan *plan, const struct options *options, struct error *err)
{
	const char *pmu = events_pmu();
	struct count_scene scene;
	int error = 0;

	count_plan_init(plan);
	count_plan_look(plan, &scene);
	for (unsigned i = 0; i < NR_COUNTERS; i++)
		if (!is_asked(options, i))
			absent(plan, i, "not asked for");
		else if (i >= COUNTER_FIRST_OF_PROCESSOR)
			find_own(plan, i, &scene, pmu);
	for (unsigned i = 0; !error && i < options->nr_counters; i++)
		if (!is_own(options->counters[i]))
			error = find_named(plan, options->counters[i], &scene, pmu, err);
	if (!error)
		count_plan_probe(plan, &scene);
	return error;
}
