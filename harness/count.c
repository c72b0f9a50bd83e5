/*
 * Opens, reads and scales the perf counters of a thread.
 *
 * SPDX-License-Identifier: MIT
 */
#include "count.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	uint32_t type;
	uint64_t config;
	enum counter leader;
} kinds[NR_COUNTERS] = {
	[COUNTER_CYCLES] = { "cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES,
			     COUNTER_CYCLES },
	[COUNTER_INSTRUCTIONS] = { "instructions", PERF_TYPE_HARDWARE,
				   PERF_COUNT_HW_INSTRUCTIONS, COUNTER_CYCLES },
	[COUNTER_CACHE_MISSES] = { "cache_misses", PERF_TYPE_HARDWARE,
				   PERF_COUNT_HW_CACHE_MISSES, COUNTER_CYCLES },
	[COUNTER_SWITCHES] = { "switches", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES,
			       COUNTER_SWITCHES },
	[COUNTER_MIGRATIONS] = { "migrations", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS,
				 COUNTER_SWITCHES },
};

const char *counter_name(enum counter counter)
{
	return kinds[counter].name;
}

static unsigned group_of(enum counter counter)
{
	return kinds[counter].leader == COUNTER_CYCLES ? 0 : 1;
}

/*
 * A file descriptor or -errno. Hardware events fall back to user mode where the kernel allows no
 * more; a context switch happens in the kernel, so that the software ones would then count nothing.
 */
static int event_open(enum counter counter, int leader_fd)
{
	struct perf_event_attr attr = {
		.type = kinds[counter].type,
		.size = sizeof(attr),
		.config = kinds[counter].config,
		.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
			       PERF_FORMAT_TOTAL_TIME_RUNNING,
		.exclude_hv = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, leader_fd, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0 && (errno == EACCES || errno == EPERM) && attr.type == PERF_TYPE_HARDWARE) {
		attr.exclude_kernel = 1;
		fd = syscall(SYS_perf_event_open, &attr, 0, -1, leader_fd, PERF_FLAG_FD_CLOEXEC);
	}
	return fd < 0 ? -errno : (int)fd;
}

/* The first of a counter's group that opened leads it: a machine may lack the nominal leader. */
static int group_leader(const struct counters *counters, enum counter counter)
{
	for (unsigned i = 0; i < counter; i++)
		if (counters->fds[i] >= 0 && group_of(i) == group_of(counter))
			return counters->fds[i];
	return -1;
}

void counters_open(struct counters *counters)
{
	for (unsigned i = 0; i < NR_COUNTERS; i++) {
		int fd = event_open(i, group_leader(counters, i));

		counters->fds[i] = fd < 0 ? -1 : fd;
		counters->errors[i] = fd < 0 ? -fd : 0;
	}
}

void counters_close(struct counters *counters)
{
	for (unsigned i = 0; i < NR_COUNTERS; i++) {
		if (counters->fds[i] >= 0)
			close(counters->fds[i]);
		counters->fds[i] = -1;
	}
}

int counters_read(const struct counters *counters, struct counts *counts)
{
	for (unsigned group = 0; group < 2; group++) {
		/* nr, time_enabled, time_running, then the values in the order of opening. */
		uint64_t data[3 + NR_COUNTERS];
		unsigned next = 3;
		int fd = -1;

		for (unsigned i = 0; i < NR_COUNTERS && fd < 0; i++)
			if (group_of(i) == group)
				fd = counters->fds[i];
		if (fd < 0)
			continue;
		if (read(fd, data, sizeof(data)) < (ssize_t)(4 * sizeof(*data)))
			return -EIO;
		counts->enabled_ns[group] = data[1];
		counts->running_ns[group] = data[2];
		for (unsigned i = 0; i < NR_COUNTERS; i++)
			if (group_of(i) == group && counters->fds[i] >= 0)
				counts->values[i] = data[next++];
	}
	return 0;
}

double counts_delta(enum counter counter, const struct counts *begin, const struct counts *end,
		    bool *multiplexed)
{
	const unsigned group = group_of(counter);
	const double delta = (double)(end->values[counter] - begin->values[counter]);
	const uint64_t enabled = end->enabled_ns[group] - begin->enabled_ns[group];
	const uint64_t running = end->running_ns[group] - begin->running_ns[group];

	if (running >= enabled)
		return delta;
	*multiplexed = true;
	return running ? delta * (double)enabled / (double)running : NAN;
}

const char *counter_absence(enum counter counter, int error, char *buffer, unsigned bytes)
{
	char paranoid[16] = "?";
	FILE *file;

	if (error == ENOENT || error == EOPNOTSUPP || error == ENODEV)
		return kinds[counter].type == PERF_TYPE_HARDWARE ?
			"this processor or virtual machine has no such hardware counter" :
			"this kernel does not count it";
	if (error == ENOSYS)
		return "this kernel has no perf_event_open";
	if (error == EACCES || error == EPERM) {
		file = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
		if (file) {
			if (!fgets(paranoid, sizeof(paranoid), file))
				strcpy(paranoid, "?");
			fclose(file);
			paranoid[strcspn(paranoid, "\n")] = '\0';
		}
		snprintf(buffer, bytes,
			 "perf_event_open is forbidden here (perf_event_paranoid = %s)", paranoid);
		return buffer;
	}
	snprintf(buffer, bytes, "perf_event_open: %s", strerror(error));
	return buffer;
}
