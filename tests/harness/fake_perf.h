/*
 * A kernel with perf events for tests: the linker sends perf_event_open(), ioctl() and read() here.
 *
 * SPDX-License-Identifier: MIT
 *
 * What an event counts is chosen by its config, and all grow by one step where they are read.
 */
#ifndef TESTS_HARNESS_FAKE_PERF_H
#define TESTS_HARNESS_FAKE_PERF_H

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FAKE_EVENTS 256

struct fake_event {
	bool open, running;
	struct perf_event_attr attr;
	int leader;			/* a descriptor, its own where it leads */
};

/* By descriptor: each is one of /dev/null, so that no other file has it. */
static struct fake_event fake_events[FAKE_EVENTS];
static unsigned fake_opened;
/* What the kernel says to an event: 0 or errno. first: of the group that it is to join, NULL: none. */
static int (*fake_refuses)(const struct perf_event_attr *attr, const struct perf_event_attr *first,
			   unsigned members);
static uint64_t fake_now_ns, fake_running_ns;	/* enabled and running so long so far */

static unsigned fake_members(int leader)
{
	unsigned members = 0;

	for (int fd = 0; fd < FAKE_EVENTS; fd++)
		members += fake_events[fd].open && fake_events[fd].leader == leader;
	return members;
}

long __wrap_syscall(long number, struct perf_event_attr *attr, int pid, int cpu, int leader,
		    unsigned long flags);
long __wrap_syscall(long number, struct perf_event_attr *attr, int pid, int cpu, int leader,
		    unsigned long flags)
{
	int fd, error;

	if (number != SYS_perf_event_open || pid || cpu != -1 || flags != PERF_FLAG_FD_CLOEXEC) {
		errno = EINVAL;
		return -1;
	}
	error = fake_refuses ? fake_refuses(attr, leader < 0 ? NULL : &fake_events[leader].attr,
					    leader < 0 ? 0 : fake_members(leader)) : 0;
	if (error) {
		errno = error;
		return -1;
	}
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd >= FAKE_EVENTS)
		return -1;
	fake_events[fd] = (struct fake_event){
		.open = true, .running = !attr->disabled, .attr = *attr,
		.leader = leader < 0 ? fd : leader,
	};
	fake_opened++;
	return fd;
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	if (fd >= 0 && fd < FAKE_EVENTS && fake_events[fd].open) {
		fake_events[fd].open = false;
		fake_opened--;
	}
	return __real_close(fd);
}

int __wrap_ioctl(int fd, unsigned long request, int argument);
int __wrap_ioctl(int fd, unsigned long request, int argument)
{
	if (fd < 0 || fd >= FAKE_EVENTS || !fake_events[fd].open || argument) {
		errno = EBADF;
		return -1;
	}
	fake_events[fd].running = request == PERF_EVENT_IOC_ENABLE;
	return 0;
}

ssize_t __real_read(int fd, void *data, size_t bytes);
ssize_t __wrap_read(int fd, void *data, size_t bytes);
ssize_t __wrap_read(int fd, void *data, size_t bytes)
{
	uint64_t *words = data;
	unsigned nr = 0;

	if (fd < 0 || fd >= FAKE_EVENTS || !fake_events[fd].open)
		return __real_read(fd, data, bytes);
	/* Those that joined later have higher descriptors, while none was closed between. */
	for (int member = 0; member < FAKE_EVENTS; member++)
		if (fake_events[member].open && fake_events[member].leader == fd) {
			if ((4 + nr) * sizeof(*words) > bytes) {
				errno = ENOSPC;
				return -1;
			}
			words[3 + nr++] = fake_events[member].attr.config * 1000 +
					  fake_events[member].attr.type;
		}
	words[0] = nr;
	words[1] = fake_now_ns;
	words[2] = fake_running_ns;
	return (ssize_t)((3 + nr) * sizeof(*words));
}

#endif
