/*
 * Keeps the points that crashed, in memory and as JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "crashes.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	int number;
	const char *name;
} signals[] = {
	{ SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" }, { SIGILL, "SIGILL" }, { SIGFPE, "SIGFPE" },
	{ SIGABRT, "SIGABRT" },
};

#define NR_SIGNALS (sizeof(signals) / sizeof(*signals))

int crashes_add(struct crashes *crashes, const struct crash *crash)
{
	struct crash *list = realloc(crashes->list, (crashes->nr + 1) * sizeof(*list));

	if (!list)
		return -ENOMEM;
	crashes->list = list;
	list[crashes->nr++] = *crash;
	return 0;
}

void crashes_free(struct crashes *crashes)
{
	free(crashes->list);
	*crashes = (struct crashes){ .list = NULL };
}

const char *crash_signal_name(int signal, char buffer[16])
{
	for (unsigned i = 0; i < NR_SIGNALS; i++)
		if (signals[i].number == signal)
			return signals[i].name;
	snprintf(buffer, 16, "signal %d", signal);
	return buffer;
}

void crash_point_name(const struct plan *plan, unsigned point, char name[PLAN_NAME_BYTES])
{
	const struct group *group = plan->groups;

	while (point >= group->first_point + group->nr_cells)
		group++;
	plan_point_name(group, group->cells[point - group->first_point], name, PLAN_NAME_BYTES);
}

json_t *crashes_keep(const struct crashes *crashes, const struct plan *plan)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < crashes->nr; i++) {
		const struct crash *crash = &crashes->list[i];
		char name[PLAN_NAME_BYTES], number[16];

		crash_point_name(plan, crash->point, name);
		json_array_append_new(all, json_pack("{s:s, s:i, s:s, s:s, s:s?}", "point", name,
			"launch", (int)crash->launch,
			"signal", crash_signal_name(crash->signal, number),
			"stage", mishap_stage_name(crash->stage),
			"function", *crash->function ? crash->function : NULL));
	}
	return all;
}

/* The number of the plan's point of that name, or nr_points. */
static unsigned find_point(const struct plan *plan, const char *wanted)
{
	char name[PLAN_NAME_BYTES];
	unsigned point = 0;

	for (; point < plan->nr_points; point++) {
		crash_point_name(plan, point, name);
		if (wanted && !strcmp(name, wanted))
			break;
	}
	return point;
}

static int find_signal(const char *name)
{
	for (unsigned i = 0; name && i < NR_SIGNALS; i++)
		if (!strcmp(name, signals[i].name))
			return signals[i].number;
	return 0;
}

static enum mishap_stage find_stage(const char *name)
{
	enum mishap_stage stage = MISHAP_OUTSIDE + 1;

	while (stage < NR_MISHAP_STAGES && !(name && !strcmp(name, mishap_stage_name(stage))))
		stage++;
	return stage;
}

int crashes_restore(struct crashes *crashes, const json_t *kept, const struct plan *plan,
		    struct error *err)
{
	const json_t *one;
	size_t i;

	json_array_foreach(kept, i, one) {
		const char *function = json_string_value(json_object_get(one, "function"));
		struct crash crash = {
			.point = find_point(plan, json_string_value(json_object_get(one, "point"))),
			.launch = (unsigned)json_integer_value(json_object_get(one, "launch")),
			.signal = find_signal(json_string_value(json_object_get(one, "signal"))),
			.stage = find_stage(json_string_value(json_object_get(one, "stage"))),
		};

		if (crash.point == plan->nr_points || !crash.launch || !crash.signal ||
		    crash.stage == NR_MISHAP_STAGES)
			return error_set(err, EBADMSG, "meta.json: crashed: is not of this run's plan");
		snprintf(crash.function, sizeof(crash.function), "%s", function ? function : "");
		if (crashes_add(crashes, &crash))
			return error_set(err, ENOMEM, "no memory for the points that crashed");
	}
	return json_is_array(kept) ? 0 :
	       error_set(err, EBADMSG, "meta.json: crashed: is no list");
}

const char *crash_launch(const struct crash *crash, char *text, size_t bytes)
{
	if (!crash->launch)
		return "";
	snprintf(text, bytes, ", launch %u", crash->launch);
	return text;
}

void crash_tell(const struct crash *crash, const struct plan *plan, char *text, size_t bytes)
{
	char name[PLAN_NAME_BYTES], number[16], launch[24];

	crash_point_name(plan, crash->point, name);
	snprintf(text, bytes, "%s: %s %s%s%s%s", name,
		 crash_signal_name(crash->signal, number), mishap_stage_name(crash->stage),
		 *crash->function ? ", in " : "", crash->function,
		 crash_launch(crash, launch, sizeof(launch)));
}

void crashes_tell(const struct crashes *crashes, const struct plan *plan, char *text, size_t bytes)
{
	char first[PLAN_NAME_BYTES + 160];

	crash_tell(&crashes->list[0], plan, first, sizeof(first));
	snprintf(text, bytes, "%u of %u points crashed: %s%s", crashes->nr, plan->nr_points, first,
		 crashes->nr > 1 ? ", and others" : "");
}
