/*
 * Examines the machine item by item and prints what it found.
 *
 * SPDX-License-Identifier: MIT
 */
#include "doctor_internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMNS 100
/* Where all but the names begins. */
#define INDENT 16

static const struct {
	const char *name, *effect;
	doctor_check *check;
} checks[] = {
	{ "governor", "any but performance changes the frequency while windows run",
	  doctor_check_governor },
	{ "turbo", "on, the frequency depends on heat and on how many cores are busy: thread "
	  "counts are not measured at the same one", doctor_check_turbo },
	{ "throttling", "a processor that was too hot ran slower for a while",
	  doctor_check_throttling },
	{ "SMT", "on, two workers may share a core, but with --placement one-per-core",
	  doctor_check_smt },
	{ "isolated cpus", "on others the scheduler's ticks and other tasks come between; where "
	  "there are some, put the run on them with taskset", doctor_check_isolated },
	{ "load", "what runs beside the run takes processors, caches and bandwidth from it",
	  doctor_check_load },
	{ "steal", "the hypervisor gives a processor's time to others: windows that met it read "
	  "slow", doctor_check_steal },
	{ "CPU quota", "a cgroup that has used its share of a period stands still until the next",
	  doctor_check_quota },
	{ "clock source", "a slow one makes each call for the time a system call",
	  doctor_check_clock },
	{ "invariant TSC", "without it a time stamp is a call of clock_gettime, not one instruction",
	  doctor_check_tsc },
	{ "huge pages", "with always, launches differ in which pages are huge, as free memory "
	  "happens to lie", doctor_check_thp },
	{ "ASLR", "on, each launch has a layout of its own, so that its chance is in the "
	  "intervals; off, all share one", doctor_check_aslr },
	{ "mitigations", "system calls, interrupts and thread switches cost more: what sleeps or "
	  "starts threads, not what only counts", doctor_check_mitigations },
	{ "perf counters", "above 1 the column of context switches stays empty, above 2 that of "
	  "cycles as well", doctor_check_perf },
};

_Static_assert(sizeof(checks) / sizeof(*checks) <= DOCTOR_MAX_ITEMS, "room for each check");

const char *doctor_mark_name(enum doctor_mark mark)
{
	static const char *const names[] = {
		[DOCTOR_UNKNOWN] = "unknown", [DOCTOR_GOOD] = "good", [DOCTOR_MATTERS] = "matters",
	};

	return names[mark];
}

void doctor_say(struct doctor_item *item, enum doctor_mark mark, const char *value, ...)
{
	va_list args;

	item->mark = mark;
	va_start(args, value);
	vsnprintf(item->value, sizeof(item->value), value, args);
	va_end(args);
}

void doctor_remedy(struct doctor_item *item, const char *remedy, ...)
{
	va_list args;

	va_start(args, remedy);
	if (vsnprintf(item->remedy, sizeof(item->remedy), remedy, args) >=
	    (int)sizeof(item->remedy))
		item->remedy[0] = '\0';
	va_end(args);
}

void doctor_odd(struct doctor_item *item, const char *line)
{
	doctor_say(item, DOCTOR_UNKNOWN, "\"%.40s\" is not understood", line);
}

static bool read_cputime(const char *root, struct cputime *time)
{
	struct cputime_file file;
	char *path;
	bool read;

	if (asprintf(&path, "%s/proc/stat", root) < 0)
		return false;
	read = !cputime_open(&file, path) && !cputime_read(&file, NULL, 0, time);
	cputime_close(&file);
	free(path);
	return read;
}

void doctor_examine(struct doctor *doctor, const char *root, const struct cputime *before)
{
	struct doctor_scene scene = { .root = root, .has_before = before != NULL };

	if (before)
		scene.before = *before;
	scene.has_now = read_cputime(root, &scene.now);
	doctor->nr = sizeof(checks) / sizeof(*checks);
	for (unsigned i = 0; i < doctor->nr; i++) {
		struct doctor_item *item = &doctor->items[i];

		*item = (struct doctor_item){ .name = checks[i].name, .effect = checks[i].effect };
		doctor_say(item, DOCTOR_UNKNOWN, "not readable here");
		checks[i].check(&scene, item);
	}
}

void doctor_here(struct doctor *doctor)
{
	/* 100 ticks of each processor: a hundredth of it is told apart. */
	const struct timespec second = { .tv_sec = 1 };
	struct cputime before;
	const bool read = read_cputime("", &before);

	nanosleep(&second, NULL);
	doctor_examine(doctor, "", read ? &before : NULL);
}

/* From column INDENT on, broken between words. */
static void print_wrapped(FILE *out, const char *text)
{
	size_t column = INDENT;

	fprintf(out, "%*s", INDENT, "");
	while (*text) {
		const size_t word = strcspn(text, " ");

		if (column > INDENT && column + 1 + word > COLUMNS) {
			fprintf(out, "\n%*s", INDENT, "");
			column = INDENT;
		}
		fprintf(out, "%s%.*s", column > INDENT ? " " : "", (int)word, text);
		column += (column > INDENT) + word;
		text += word + (text[word] == ' ');
	}
	fputc('\n', out);
}

void doctor_print(const struct doctor *doctor, FILE *out)
{
	unsigned matter = 0, unknown = 0;

	for (unsigned i = 0; i < doctor->nr; i++) {
		const struct doctor_item *item = &doctor->items[i];

		fprintf(out, "%-*s%-8s %s\n", INDENT, item->name,
			item->mark == DOCTOR_MATTERS ? "MATTERS" : doctor_mark_name(item->mark),
			item->value);
		print_wrapped(out, item->effect);
		if (*item->remedy)
			fprintf(out, "%*sremedy: %s\n", INDENT, "", item->remedy);
		matter += item->mark == DOCTOR_MATTERS;
		unknown += item->mark == DOCTOR_UNKNOWN;
	}
	fprintf(out, "\n%u of %u matter here; of %u nothing can be said.\n", matter, doctor->nr,
		unknown);
}
