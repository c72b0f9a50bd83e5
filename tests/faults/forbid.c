/*
 * Runs a command to which the kernel refuses perf_event_open: forbid EPERM|ENOSYS|kill COMMAND...
 *
 * SPDX-License-Identifier: MIT
 *
 * What containers do, by the filter of seccomp(2). Exits 77 where no filter can be set.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int action_of(const char *name, unsigned *action)
{
	if (!strcmp(name, "EPERM"))
		*action = SECCOMP_RET_ERRNO | EPERM;
	else if (!strcmp(name, "ENOSYS"))
		*action = SECCOMP_RET_ERRNO | ENOSYS;
	else if (!strcmp(name, "kill"))
		*action = SECCOMP_RET_KILL_PROCESS;
	else
		return -EINVAL;
	return 0;
}

static int forbid(unsigned action)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(filter) / sizeof(*filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return -errno;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned action;
	int error;

	if (argc < 3 || action_of(argv[1], &action)) {
		fprintf(stderr, "usage: forbid EPERM|ENOSYS|kill COMMAND...\n");
		return 2;
	}
	error = forbid(action);
	if (error) {
		fprintf(stderr, "forbid: no seccomp filter here: %s\n", strerror(-error));
		return 77;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
