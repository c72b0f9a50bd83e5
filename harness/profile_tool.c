/*
 * Starts a program and reads its output through a pipe, with no shell between.
 *
 * SPDX-License-Identifier: MIT
 */
#include "profile_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int tool_open(struct tool *tool, const char *const *argv, const char *input, const char *errors)
{
	posix_spawn_file_actions_t actions;
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input ? input : "/dev/null",
					 O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors ? errors : "/dev/null",
					 O_WRONLY | O_CREAT | O_TRUNC, 0644);
	error = posix_spawnp(&tool->pid, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	tool->output = error ? NULL : fdopen(ends[0], "r");
	if (!tool->output)
		close(ends[0]);
	if (!error && !tool->output) {
		error = ENOMEM;
		waitpid(tool->pid, NULL, 0);
	}
	return -error;
}

int tool_close(struct tool *tool)
{
	char rest[4096];
	int status;

	/* One that is not read to its end would die of it. */
	while (fread(rest, 1, sizeof(rest), tool->output) == sizeof(rest))
		;
	fclose(tool->output);
	while (waitpid(tool->pid, &status, 0) < 0)
		if (errno != EINTR)
			return 128;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
