/*
 * Opens, reads and scales the perf counters of a thread.
 *
 * SPDX-License-Identifier: MIT
 */
#include "count.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct count_plan nothing;

const char *counter_name(enum counter counter)
{
	static const char *const names[NR_COUNTERS] = {
		"cycles", "instructions", "cache_misses", "switches", "migrations",
		"moved_local", "moved_remote", "rfo_hitm", "stall_cycles",
	};

	return names[counter];
}

int event_open(const struct event *event, int leader, bool halted)
{
	struct perf_event_attr attr = {
		.type = event->type,
		.size = sizeof(attr),
		.config = event->config,
		.config1 = event->config1,
		.config2 = event->config2,
		.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
			       PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = halted,
		.exclude_user = event->exclude_user,
		.exclude_kernel = event->exclude_kernel,
		.exclude_hv = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

/* The first of a group that opened leads it: a machine may lack the nominal leader. -1: none did. */
static int group_leader(const struct counters *counters, unsigned group)
{
	for (unsigned i = 0; i < counters->plan->groups[group].nr; i++)
		if (counters->fds[group][i] >= 0)
			return counters->fds[group][i];
	return -1;
}

static void group_open(struct counters *counters, unsigned group)
{
	const struct count_group *members = &counters->plan->groups[group];

	for (unsigned i = 0; i < COUNTERS_IN_GROUP; i++)
		counters->fds[group][i] = -1;
	for (unsigned i = 0; i < members->nr; i++) {
		const unsigned counter = members->counters[i];
		const int leader = group_leader(counters, group);
		const int fd = event_open(&counters->plan->events[counter], leader,
					  leader < 0 && group);

		counters->fds[group][i] = fd < 0 ? -1 : fd;
		if (fd < 0)
			counters->errors[counter] = -fd;
	}
}

void counters_open(struct counters *counters, const struct count_plan *plan)
{
	memset(counters, 0, sizeof(*counters));
	counters->plan = plan ? plan : &nothing;
	for (unsigned group = 0; group < counters->plan->nr_groups; group++)
		group_open(counters, group);
}

void counters_close(struct counters *counters)
{
	for (unsigned group = 0; group < counters->plan->nr_groups; group++)
		for (unsigned i = 0; i < counters->plan->groups[group].nr; i++) {
			if (counters->fds[group][i] >= 0)
				close(counters->fds[group][i]);
			counters->fds[group][i] = -1;
		}
}

int counters_choose(struct counters *counters, unsigned group)
{
	const int before = counters->group ? group_leader(counters, counters->group) : -1;
	const int after = group ? group_leader(counters, group) : -1;

	if (group == counters->group)
		return 0;
	counters->group = group;
	if (before >= 0 && ioctl(before, PERF_EVENT_IOC_DISABLE, 0))
		return -errno;
	return after >= 0 && ioctl(after, PERF_EVENT_IOC_ENABLE, 0) ? -errno : 0;
}

static bool group_has(const struct counters *counters, unsigned group, unsigned counter)
{
	const struct count_group *members = &counters->plan->groups[group];

	for (unsigned i = 0; i < members->nr; i++)
		if (members->counters[i] == counter)
			return counters->fds[group][i] >= 0;
	return false;
}

bool counters_have(const struct counters *counters, unsigned counter)
{
	return group_has(counters, 0, counter) || group_has(counters, counters->group, counter);
}

/* Values stand in the order in which the members opened. */
static int group_read(const struct counters *counters, unsigned group, struct counts *counts)
{
	const struct count_group *members = &counters->plan->groups[group];
	const int leader = group_leader(counters, group);
	/* nr, time_enabled, time_running, values. */
	uint64_t data[3 + COUNTERS_IN_GROUP];
	unsigned next = 3;

	if (leader < 0)
		return 0;
	if (read(leader, data, sizeof(data)) < (ssize_t)(4 * sizeof(*data)))
		return -EIO;
	counts->enabled_ns[group != 0] = data[1];
	counts->running_ns[group != 0] = data[2];
	for (unsigned i = 0; i < members->nr; i++)
		if (counters->fds[group][i] >= 0)
			counts->values[members->counters[i]] = data[next++];
	return 0;
}

int counters_read(const struct counters *counters, struct counts *counts)
{
	int error = group_read(counters, 0, counts);

	return error || !counters->group ? error : group_read(counters, counters->group, counts);
}

double counts_delta(unsigned counter, const struct counts *begin, const struct counts *end,
		    bool *multiplexed)
{
	const bool hardware = !counter_is_software(counter);
	const double delta = (double)(end->values[counter] - begin->values[counter]);
	const uint64_t enabled = end->enabled_ns[hardware] - begin->enabled_ns[hardware];
	const uint64_t running = end->running_ns[hardware] - begin->running_ns[hardware];

	if (running >= enabled)
		return delta;
	*multiplexed = true;
	return running ? delta * (double)enabled / (double)running : NAN;
}
