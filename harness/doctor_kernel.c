/*
 * The doctor's items on the kernel's settings: pages, layout, mitigations, counters.
 *
 * SPDX-License-Identifier: MIT
 */
#include "doctor_internal.h"

#include <stdlib.h>
#include <string.h>

#define MITIGATIONS "/sys/devices/system/cpu/vulnerabilities"
#define THP "/sys/kernel/mm/transparent_hugepage/enabled"

/* Of linux/capability.h: who has one of them may count whatever perf_event_paranoid says. */
#define CAP_SYS_ADMIN 21
#define CAP_PERFMON 38

void doctor_check_thp(const struct doctor_scene *scene, struct doctor_item *item)
{
	char line[64], *chosen, *end;

	if (!doctor_line(scene->root, THP, line, sizeof(line)))
		return;
	chosen = strchr(line, '[');
	end = chosen ? strchr(chosen, ']') : NULL;
	if (!end) {
		doctor_odd(item, line);
		return;
	}
	*end = '\0';
	chosen++;
	if (!strcmp(chosen, "madvise") || !strcmp(chosen, "never")) {
		doctor_say(item, DOCTOR_GOOD, "%s", chosen);
	} else if (!strcmp(chosen, "always")) {
		doctor_say(item, DOCTOR_MATTERS, "always");
		doctor_remedy(item, "echo madvise | sudo tee " THP);
	} else {
		doctor_odd(item, chosen);
	}
}

void doctor_check_aslr(const struct doctor_scene *scene, struct doctor_item *item)
{
	char line[64];

	if (!doctor_line(scene->root, "/proc/sys/kernel/randomize_va_space", line, sizeof(line)))
		return;
	if (!strcmp(line, "1") || !strcmp(line, "2")) {
		doctor_say(item, DOCTOR_GOOD, "on (%s)", line);
	} else if (!strcmp(line, "0")) {
		doctor_say(item, DOCTOR_MATTERS, "off");
		doctor_remedy(item, "sudo sysctl kernel.randomize_va_space=2");
	} else {
		doctor_odd(item, line);
	}
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Adds a name, or once only "..." where there is no room for it. */
static void join_name(char *names, size_t size, const char *name)
{
	const bool fits = strlen(names) + strlen(name) + sizeof(", , ...") <= size;

	if (strstr(names, "..."))
		return;
	strcat(names, *names ? ", " : "");
	strcat(names, fits ? name : "...");
}

void doctor_check_mitigations(const struct doctor_scene *scene, struct doctor_item *item)
{
	char path[4096], line[256], names[64] = "";
	struct dirent **entries = NULL;
	unsigned on = 0;
	int nr;

	snprintf(path, sizeof(path), "%s" MITIGATIONS, scene->root);
	nr = scandir(path, &entries, is_visible, alphasort);
	for (int i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), MITIGATIONS "/%s", entries[i]->d_name);
		if (doctor_line(scene->root, path, line, sizeof(line)) &&
		    strstr(line, "Mitigation")) {
			on++;
			join_name(names, sizeof(names), entries[i]->d_name);
		}
		free(entries[i]);
	}
	free(entries);
	if (nr < 1)
		return;
	if (!on) {
		doctor_say(item, DOCTOR_GOOD, "none on");
		return;
	}
	doctor_say(item, DOCTOR_MATTERS, "%u on: %s", on, names);
	doctor_remedy(item, "boot with mitigations=off, where only code that you trust runs");
}

/* Whether this process may count whatever the setting is. */
static bool may_count(const struct doctor_scene *scene)
{
	char *text = doctor_field(scene->root, "/proc/self/status", "CapEff");
	const unsigned long long set = text ? strtoull(text, NULL, 16) : 0;

	free(text);
	return set & (1ull << CAP_SYS_ADMIN | 1ull << CAP_PERFMON);
}

void doctor_check_perf(const struct doctor_scene *scene, struct doctor_item *item)
{
	char line[64];
	long long level;

	if (!doctor_line(scene->root, "/proc/sys/kernel/perf_event_paranoid", line, sizeof(line)))
		return;
	if (!doctor_number(line, &level)) {
		doctor_odd(item, line);
	} else if (level <= 1) {
		doctor_say(item, DOCTOR_GOOD, "perf_event_paranoid is %lld", level);
	} else if (may_count(scene)) {
		doctor_say(item, DOCTOR_GOOD, "perf_event_paranoid is %lld, but this user may count",
			   level);
	} else {
		doctor_say(item, DOCTOR_MATTERS, "perf_event_paranoid is %lld", level);
		doctor_remedy(item, "sudo sysctl kernel.perf_event_paranoid=1");
	}
}
