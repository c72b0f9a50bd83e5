/*
 * Chooses the event by opening it: what the kernel accepts here no table knows.
 *
 * SPDX-License-Identifier: MIT
 *
 * Precise sampling (PEBS on Intel, IBS on AMD) is what precise_ip asks for. SPE of arm64 is not it: it
 * chooses operations, not moments, so that its samples tell no shares of time.
 */
#include "profile_event.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "count_absence.h"
#include "guest.h"

/* Off the beat of everything that is regular: a prime number. */
#define HERTZ 1999
/* From here on the address is that of the instruction itself. */
#define PRECISE 2
#define MOST_PRECISE 3

static int try_event(bool hardware, unsigned precise, bool user_only)
{
	struct perf_event_attr attr = {
		.type = hardware ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = hardware ? PERF_COUNT_HW_CPU_CYCLES : PERF_COUNT_SW_CPU_CLOCK,
		.sample_freq = HERTZ,
		.freq = 1,
		.sample_type = PERF_SAMPLE_IP,
		.disabled = 1,
		.exclude_kernel = user_only,
		.exclude_hv = user_only,
		.precise_ip = precise,
	};
	const long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return -errno;
	close((int)fd);
	return 0;
}

/* The best that opens, with the kernel's time or without where that is forbidden. */
static int try_kind(struct profile_event *event, bool hardware)
{
	int error = 0;

	for (unsigned user = 0; user < 2; user++)
		for (int precise = hardware ? MOST_PRECISE : 0; precise >= 0; precise--) {
			error = try_event(hardware, (unsigned)precise, user);
			if (error)
				continue;
			event->hardware = hardware;
			event->precise = precise >= PRECISE;
			event->user_only = user;
			snprintf(event->name, sizeof(event->name), "%s%s%.*s%s",
				 hardware ? "cycles" : "cpu-clock", precise || user ? ":" : "",
				 precise, "ppp", user ? "u" : "");
			return 0;
		}
	return error;
}

/* As the kernel may allow less: it lowers its limit where samples took too long. */
static unsigned hertz_allowed(void)
{
	FILE *file = fopen("/proc/sys/kernel/perf_event_max_sample_rate", "re");
	unsigned most = HERTZ;

	if (!file)
		return HERTZ;
	if (fscanf(file, "%u", &most) != 1 || !most)
		most = HERTZ;
	fclose(file);
	return most < HERTZ ? most : HERTZ;
}

int profile_event_choose(struct profile_event *event, struct error *err)
{
	struct count_scene scene = { .fatal = count_is_fatal() };
	char text[160];
	int cycles, error;

	*event = (struct profile_event){ .hertz = hertz_allowed() };
	if (scene.fatal)
		return error_set(err, EPERM, "perf cannot sample here: %s; let it through, or profile outside of "
				 "this container", count_absence(&scene, false, EPERM, text, sizeof(text)));
	cycles = try_kind(event, true);
	if (!cycles) {
		if (!event->precise)
			snprintf(event->why, sizeof(event->why), "this processor, or this kernel, "
				 "has no precise samples of cycles");
		return 0;
	}
	count_scene_here(&scene, -cycles);
	error = try_kind(event, false);
	if (error)
		return error_set(err, -error, "perf cannot sample here: %s",
				 count_absence(&scene, false, -error, text, sizeof(text)));
	snprintf(event->why, sizeof(event->why), "%s", count_absence(&scene, false, -cycles, text,
								     sizeof(text)));
	return 0;
}
