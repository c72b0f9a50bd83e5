/*
 * The doctor's items on who else gets the processors' time: load, steal, a cgroup's quota.
 *
 * SPDX-License-Identifier: MIT
 */
#include "doctor_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of one processor: above it something other than the kernel's housekeeping runs. */
#define LOAD_MATTERS 0.1
/* Of all time since boot: what an hour of measuring would surely meet. */
#define STEAL_MATTERS 0.001

/* Of /proc/stat from one reading to the next; false where they cannot be compared. */
static bool since_before(const struct doctor_scene *scene, struct cputime *passed)
{
	const struct cputime *before = &scene->before, *now = &scene->now;

	*passed = (struct cputime){
		.total = now->total - before->total,
		.busy = now->busy - before->busy,
		.steal = now->steal - before->steal,
		.cpus = now->cpus,
	};
	return scene->has_before && scene->has_now && now->cpus == before->cpus &&
	       now->total > before->total && now->busy >= before->busy &&
	       now->steal >= before->steal;
}

static bool is_virtual(const struct doctor_scene *scene)
{
	char *flags = doctor_field(scene->root, "/proc/cpuinfo", "flags");
	const bool found = flags && strstr(flags, " hypervisor");

	free(flags);
	return found;
}

void doctor_check_steal(const struct doctor_scene *scene, struct doctor_item *item)
{
	struct cputime passed;
	const bool compared = since_before(scene, &passed);
	const double ever = scene->has_now && scene->now.total ?
		(double)scene->now.steal / (double)scene->now.total : 0;
	char now[32] = "";

	if (!scene->has_now)
		return;
	if (compared)
		snprintf(now, sizeof(now), ", %.1f%% just now",
			 100 * (double)passed.steal / (double)passed.total);
	if ((compared && passed.steal) || ever >= STEAL_MATTERS) {
		doctor_say(item, DOCTOR_MATTERS, "%.2f%% since boot%s", 100 * ever, now);
		doctor_remedy(item, "a machine, or processors, that no other guest shares");
	} else if (!scene->now.steal && is_virtual(scene)) {
		doctor_say(item, DOCTOR_UNKNOWN, "none told, as a hypervisor need not tell");
	} else {
		doctor_say(item, DOCTOR_GOOD, "%.2f%% since boot%s", 100 * ever, now);
	}
}

void doctor_check_load(const struct doctor_scene *scene, struct doctor_item *item)
{
	struct cputime passed;
	double load, busy;
	char line[64], now[48] = "", *end;

	if (!doctor_line(scene->root, "/proc/loadavg", line, sizeof(line)))
		return;
	load = strtod(line, &end);
	if (end == line || *end != ' ' || !isfinite(load) || load < 0) {
		doctor_odd(item, line);
		return;
	}
	busy = load;
	/* What built this program is in the last minute still, and gone. */
	if (since_before(scene, &passed)) {
		busy = (double)passed.busy / (double)passed.total * passed.cpus;
		snprintf(now, sizeof(now), "%.2f of %u processors just now, ", busy, passed.cpus);
	}
	doctor_say(item, busy > LOAD_MATTERS ? DOCTOR_MATTERS : DOCTOR_GOOD,
		   "%s%.2f in the last minute", now, load);
	if (busy > LOAD_MATTERS)
		doctor_remedy(item, "stop what else runs: top -o %%CPU");
}

/* The tightest limit of a cgroup and those above it, in processors. */
struct quota {
	bool seen;			/* some hierarchy is there to look at */
	double processors;		/* INFINITY: none */
	char file[4096];		/* where to lift it ... */
	const char *lifted;		/* ... by writing what */
	bool is_odd;
	char odd[64];			/* what is not understood */
};

static void quota_take(struct quota *quota, const char *file, const char *lifted,
		       double processors)
{
	if (processors >= quota->processors)
		return;
	quota->processors = processors;
	quota->lifted = lifted;
	strcpy(quota->file, file);
}

static void quota_odd(struct quota *quota, const char *line)
{
	quota->is_odd = true;
	snprintf(quota->odd, sizeof(quota->odd), "%s", line);
}

/* cpu.max: "max 100000", or microseconds of each period's. */
static void quota_unified(const char *root, const char *folder, struct quota *quota)
{
	unsigned long long us, period_us;
	char file[4096], line[64], more;

	snprintf(file, sizeof(file), "%s/cpu.max", folder);
	if (!doctor_line(root, file, line, sizeof(line)) || !strncmp(line, "max ", 4))
		return;
	if (sscanf(line, "%llu %llu%c", &us, &period_us, &more) == 2 && period_us)
		quota_take(quota, file, "max", (double)us / (double)period_us);
	else
		quota_odd(quota, line);
}

/* cpu.cfs_quota_us: -1, or microseconds of each cpu.cfs_period_us. */
static void quota_legacy(const char *root, const char *folder, struct quota *quota)
{
	char file[4096], line[64], period[64];
	long long us, period_us;

	snprintf(file, sizeof(file), "%s/cpu.cfs_period_us", folder);
	if (!doctor_line(root, file, period, sizeof(period)))
		return;
	snprintf(file, sizeof(file), "%s/cpu.cfs_quota_us", folder);
	if (!doctor_line(root, file, line, sizeof(line)) || !strcmp(line, "-1"))
		return;
	if (doctor_number(line, &us) && us >= 0 && doctor_number(period, &period_us) &&
	    period_us > 0)
		quota_take(quota, file, "-1", (double)us / (double)period_us);
	else
		quota_odd(quota, line);
}

/* The group's own folder and those above, up to where the hierarchy is mounted. */
static void quota_walk(const char *root, const char *mount, const char *path,
		       void (*look)(const char *, const char *, struct quota *),
		       struct quota *quota)
{
	char folder[4000];
	FILE *procs;

	/* Each group has this file, the topmost as well. */
	snprintf(folder, sizeof(folder), "%s/cgroup.procs", mount);
	procs = doctor_open(root, folder);
	if (!procs)
		return;
	fclose(procs);
	quota->seen = true;
	if (snprintf(folder, sizeof(folder), "%s%s", mount, path) >= (int)sizeof(folder))
		return;
	for (;;) {
		look(root, folder, quota);
		if (strlen(folder) <= strlen(mount))
			return;
		*strrchr(folder, '/') = '\0';
	}
}

/* A line of /proc/self/cgroup: number, controllers and path, parted by colons. */
static void quota_line(const char *root, char *line, struct quota *quota)
{
	char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') :
								     NULL;
	bool cpu = false;

	if (!path)
		return;
	*path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	if (!*++controllers) {
		quota_walk(root, "/sys/fs/cgroup", path, quota_unified, quota);
		quota_walk(root, "/sys/fs/cgroup/unified", path, quota_unified, quota);
		return;
	}
	for (char *word = strtok(controllers, ","); word; word = strtok(NULL, ","))
		cpu |= !strcmp(word, "cpu");
	if (cpu) {
		quota_walk(root, "/sys/fs/cgroup/cpu", path, quota_legacy, quota);
		quota_walk(root, "/sys/fs/cgroup/cpu,cpuacct", path, quota_legacy, quota);
	}
}

void doctor_check_quota(const struct doctor_scene *scene, struct doctor_item *item)
{
	FILE *file = doctor_open(scene->root, "/proc/self/cgroup");
	struct quota quota = { .processors = INFINITY };
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return;
	while (getline(&line, &size, file) > 0)
		quota_line(scene->root, line, &quota);
	free(line);
	fclose(file);
	if (isfinite(quota.processors)) {
		/* More than there are processors can never be used up. */
		const bool harmless = scene->has_now && quota.processors >= scene->now.cpus;

		doctor_say(item, harmless ? DOCTOR_GOOD : DOCTOR_MATTERS, "%.2f processors",
			   quota.processors);
		if (!harmless)
			doctor_remedy(item, "echo %s | sudo tee %s", quota.lifted, quota.file);
	} else if (quota.is_odd) {
		doctor_odd(item, quota.odd);
	} else if (quota.seen) {
		doctor_say(item, DOCTOR_GOOD, "none seen");
	}
}
