/*
 * Tells why a counter is absent.
 *
 * SPDX-License-Identifier: MIT
 */
#include "count_absence.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

/* The highest perf_event_paranoid at which anybody may count: events of user mode, of the kernel. */
#define PARANOID_USER 2
#define PARANOID_KERNEL 1

static bool is_missing(int error)
{
	return error == ENOENT || error == EOPNOTSUPP || error == ENODEV;
}

bool count_is_fatal(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE, .size = sizeof(attr), .config = PERF_COUNT_HW_CPU_CYCLES,
		.disabled = 1,
	};
	const pid_t child = fork();
	int status = 0;

	if (!child) {
		prctl(PR_SET_DUMPABLE, 0);	/* no core file is wanted */
		syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
		_exit(0);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

void count_scene_here(struct count_scene *scene, int cycles_error)
{
	FILE *file = fopen("/proc/sys/kernel/perf_event_paranoid", "re");

	*scene = (struct count_scene){
		.guest = guest_seen(),
		.no_pmu = is_missing(cycles_error),
		.paranoid = COUNT_SCENE_UNKNOWN,
	};
	if (!file)
		return;
	if (fscanf(file, "%d", &scene->paranoid) != 1)
		scene->paranoid = COUNT_SCENE_UNKNOWN;
	fclose(file);
}

const char *count_scene_no_pmu(const struct count_scene *scene)
{
	return scene->guest ? "no PMU in this virtual machine" :
			      "no PMU that this kernel drives";
}

static void forbidden(const struct count_scene *scene, bool software, char *buf, size_t size)
{
	const int most = software ? PARANOID_KERNEL : PARANOID_USER;

	if (scene->fatal)
		snprintf(buf, size, "a seccomp filter kills what calls perf_event_open");
	else if (scene->paranoid == COUNT_SCENE_UNKNOWN)
		snprintf(buf, size, "perf_event_open is forbidden here");
	else if (scene->paranoid > most)
		snprintf(buf, size, "perf_event_paranoid = %d; this takes %d or less, or CAP_PERFMON",
			 scene->paranoid, most);
	else
		snprintf(buf, size, "forbidden by a seccomp filter or a security module, as containers "
			 "have them (perf_event_paranoid = %d would allow it); CAP_PERFMON may help",
			 scene->paranoid);
}

char *count_absence(const struct count_scene *scene, bool software, int error, char *buf,
		    size_t size)
{
	if (error == EACCES || error == EPERM)
		forbidden(scene, software, buf, size);
	else if (error == ENOSYS)
		snprintf(buf, size, "no perf_event_open in this kernel, or in what emulates it");
	else if (!is_missing(error))
		snprintf(buf, size, "perf_event_open: %s", strerror(error));
	else if (software)
		snprintf(buf, size, "this kernel does not count it");
	else
		snprintf(buf, size, "%s", scene->no_pmu ? count_scene_no_pmu(scene) :
			 "this processor has no such event");
	return buf;
}
