/*
 * Where and how a run was measured, from meta.json: its state and the machine.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the baseline; a time may be of fewer than its ratios to other points are. */
static unsigned most_launches(const struct results *results)
{
	unsigned most = 0;

	for (size_t i = 0; i < results->nr_ratios; i++)
		if (results->ratios[i].launches > most)
			most = results->ratios[i].launches;
	for (size_t i = 0; i < results->nr_points; i++)
		if (results->points[i].launches > most)
			most = results->points[i].launches;
	return most;
}

void words_status(struct words *words, const struct report *report)
{
	const struct results *results = &report->results;
	const char *status = results_meta_text(results, "status", NULL);
	const char *reason = results_meta_text(results, "status_reason", NULL);
	double planned = results_meta_number(results, "launches_planned", NULL);
	double done = results_meta_number(results, "launches_done", NULL);
	double of_group = results_meta_number(results, "group_launches_planned", NULL);
	const bool crashed = planned <= done && json_array_size(results_meta(results, "crashed", NULL));
	char launches[96];

	snprintf(launches, sizeof(launches), ": %.0f of %.0f launches.", done, planned);
	if (!strcmp(status, "void"))
		words_add(words, "This run is void: its check of the counts failed, so none of its "
			  "numbers may be used.%s%s", *reason ? " " : "", reason);
	else if (!*status)
		words_add(words,
			  "meta.json does not say how this run ended; it may be incomplete.");
	else if (!strcmp(status, "running"))
		words_add(words, "This run is partial: it still runs, or was killed. The numbers are "
			  "of what was measured until then.");
	else if (strcmp(status, "complete"))
		words_add(words,
			  "This run is %s%s%s. %s%s", status, *reason ? ": " : "", reason, crashed ?
			  "All others were measured" : "The numbers are of what was measured until then",
			  planned > done ? launches : ".");
	else if (planned > done)
		words_add(words, "Fewer launches than planned were measured%s", launches);
	/* false with a NAN; of a run that was cut short only the launches are known. */
	of_group = of_group < done ? of_group : done;
	if (of_group > most_launches(results) && !strcmp(status, "complete") && results->nr_points)
		words_add(words, "Rows are missing: meta.json tells of %.0f launches of a group, "
			  "samples.csv holds %u.", of_group, most_launches(results));
	if (json_is_true(results_meta(results, "quick", NULL)))
		words_add(words,
			  "A quick run: few launches, for a first look. Measure with ./run.sh "
			  "before you quote a number.");
	if (!results->nr_points)
		words_add(words, "Nothing was measured.");
	words_moved(words, report);
}

static void machine_text(struct words *words, const struct report *report, const char *title,
			 const char *outer, const char *inner)
{
	const char *text = results_meta_text(&report->results, outer, inner);

	if (*text)
		words_add(words, "%s\t%s", title, text);
}

static void machine_number(struct words *words, const struct report *report, const char *title,
			   const char *outer, const char *inner, double scale, const char *unit)
{
	double value = results_meta_number(&report->results, outer, inner);
	char number[32];

	if (isnan(value))
		return;
	if (value == floor(value) && fabs(value) < 1e15 && scale == 1)
		words_add(words, "%s\t%.0f%s", title, value, unit);
	else
		words_add(words, "%s\t%s%s", title,
			  words_number(value / scale, number, sizeof(number)), unit);
}

/* Appends ", text"; a text that does not fit is cut. */
static void join(char *buf, size_t size, const char *before, const char *text)
{
	size_t used = strlen(buf);

	snprintf(buf + used, size - used, "%s%s", used ? before : "", text);
}

/* A value as one short line, whatever its type: lists joined, other things as JSON. */
static void join_json(char *buf, size_t size, json_t *value)
{
	char *text;
	size_t i;

	if (json_is_string(value)) {
		join(buf, size, ", ", json_string_value(value));
		return;
	}
	if (json_is_array(value)) {
		for (i = 0; i < json_array_size(value) && strlen(buf) + 1 < size; i++)
			join_json(buf, size, json_array_get(value, i));
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	join(buf, size, ", ", text ? text : "");
	free(text);
}

static void machine_list(struct words *words, const struct report *report, const char *title,
			 const char *outer, const char *inner)
{
	json_t *value = results_meta(&report->results, outer, inner);
	char text[1024] = "";

	if (value && !json_is_null(value))
		join_json(text, sizeof(text), value);
	if (*text)
		words_add(words, "%s\t%s", title, text);
}

/* An object's members, one line each: "title name\tvalue". */
static void machine_members(struct words *words, const struct report *report, const char *title,
			    const char *outer)
{
	json_t *object = results_meta(&report->results, outer, NULL), *value;
	const char *name;

	json_object_foreach(object, name, value) {
		char text[1024] = "";

		if (json_is_null(value))
			continue;
		join_json(text, sizeof(text), value);
		words_add(words, "%s %s\t%s", title, name, text);
	}
}

/* A kernel lists some twenty; those that do not concern the processor share a line. */
static void machine_mitigations(struct words *words, const struct report *report)
{
	json_t *object = results_meta(&report->results, "mitigations", NULL), *value;
	char safe[1024] = "";
	const char *name;

	json_object_foreach(object, name, value) {
		char text[1024] = "";

		join_json(text, sizeof(text), value);
		if (!strcmp(text, "Not affected"))
			join(safe, sizeof(safe), ", ", name);
		else
			words_add(words, "mitigation %s\t%s", name, text);
	}
	if (*safe)
		words_add(words, "not affected by\t%s", safe);
}

static void machine_home(struct words *words, const struct report *report)
{
	const char *asked = results_meta_text(&report->results, "home", "asked");
	const char *absent = results_meta_text(&report->results, "home", "absent");

	if (*absent)
		words_add(words, "objects' NUMA node\tnot applicable: %s", absent);
	else if (*asked)
		words_add(words, "objects' NUMA node\t%s%s", strspn(asked, "0123456789") ? "node " : "",
			  asked);
}

static const char *absence(json_t *value)
{
	return json_is_string(value) ? json_string_value(value) : "no reason given";
}

/* One line for all that lack the same as the counter, at the first of them. */
static void absent_counters(struct words *words, json_t *counters, const char *first)
{
	const char *cause = absence(json_object_get(counters, first)), *name;
	char names[512] = "";
	json_t *value;

	json_object_foreach(counters, name, value) {
		if (json_is_null(value) || strcmp(absence(value), cause) != 0)
			continue;
		if (!*names && strcmp(name, first) != 0)
			return;
		join(names, sizeof(names), ", ", name);
	}
	words_add(words, "no counter of %s\t%s", names, cause);
}

/* With the event, where it is one of the processor. */
static void join_counter(char *buf, size_t size, const struct report *report, const char *name)
{
	const char *event = results_meta_text(&report->results, "counter_events", name);
	char text[256];

	snprintf(text, sizeof(text), *event && strcmp(event, name) ? "%s (%s)" : "%s", name, event);
	join(buf, size, ", ", text);
}

static void machine_counters(struct words *words, const struct report *report)
{
	json_t *object = results_meta(&report->results, "counters", NULL), *value;
	char present[1024] = "";
	const char *name;

	json_object_foreach(object, name, value)
		if (json_is_null(value))
			join_counter(present, sizeof(present), report, name);
		else
			absent_counters(words, object, name);
	if (!*present)
		return;
	words_add(words, "counters\t%s", present);
	if (json_is_true(results_meta(&report->results, "counters_user_mode", NULL)))
		words_add(words, "hardware counters\tof user mode only, the kernel allows no more");
}

static void machine_toolchain(struct words *words, const struct report *report)
{
	json_t *list = results_meta(&report->results, "toolchain", NULL);
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		json_t *one = json_array_get(list, i);
		const char *variant = json_string_value(json_object_get(one, "variant"));
		char text[1024] = "";

		join_json(text, sizeof(text), json_object_get(one, "compiler"));
		join_json(text, sizeof(text), json_object_get(one, "flags"));
		words_add(words, "variant %s\t%s", variant ? variant : "?", text);
	}
}

void words_machine(struct words *words, const struct report *report)
{
	machine_text(words, report, "host", "host", NULL);
	machine_text(words, report, "processor", "machine", "cpu");
	machine_text(words, report, "architecture", "machine", "arch");
	machine_number(words, report, "packages", "machine", "packages", 1, "");
	machine_number(words, report, "cores", "machine", "cores", 1, "");
	machine_number(words, report, "processors (PUs)", "machine", "pus", 1, "");
	machine_number(words, report, "NUMA nodes", "machine", "numa_nodes", 1, "");
	machine_home(words, report);
	words_handovers(words, report);
	machine_list(words, report, "L3 caches", "machine", "l3");
	if (!report_matters(report, "SMT"))
		machine_list(words, report, "SMT", "machine", "smt");
	machine_number(words, report, "memory", "machine", "memory_bytes", 1024.0 * 1024 * 1024,
		       " GiB");
	machine_list(words, report, "virtualisation", "machine", "virtualisation");
	machine_text(words, report, "kernel", "kernel", NULL);
	if (!report_matters(report, "governor"))
		machine_text(words, report, "frequency governor", "governor", NULL);
	machine_mitigations(words, report);
	machine_toolchain(words, report);
	machine_members(words, report, "library", "libraries");
	machine_text(words, report, "clock", "clock", "source");
	machine_number(words, report, "clock ticks", "clock", "ticks_per_ns", 1, " a ns");
	machine_number(words, report, "clock offset at most", "clock", "max_offset_ns", 1, " ns");
	machine_counters(words, report);
	machine_members(words, report, "placement (PUs)", "placements");
	machine_list(words, report, "threads", "threads", NULL);
	machine_text(words, report, "objects from", "alloc", NULL);
	machine_number(words, report, "ops between polls (QSBR: quiescent states)", "poll_every",
		       NULL, 1, "");
	machine_text(words, report, "started", "started_utc", NULL);
	machine_text(words, report, "finished", "finished_utc", NULL);
	machine_number(words, report, "time inside windows", "measured_s", NULL, 1, " s");
	machine_number(words, report, "time for measuring in all", "measuring_s", NULL, 1, " s");
	machine_text(words, report, "commit", "commit", NULL);
	machine_number(words, report, "seed", "seed", NULL, 1, "");
}
