/*
 * One gnuplot a format over all scripts of a folder: started, listened to, and ended where it hangs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct drawing {
	pid_t pid;
	FILE *errors;		/* what gnuplot says */
	bool hung;
};

/* What the shell says of a command that is not there; gnuplot itself ends with 0 or 1. */
#define EXIT_NOT_FOUND 127

/* A whole run's figures take less on an emulated machine: it only ends what hangs. */
#define DRAWING_LIMIT_MS 600000

/* The child between fork and exec: calls only what a signal handler might, too. */
static void become_gnuplot(char **argv, char **environment, const char *plots, int pipe_end, pid_t parent)
{
	sigset_t none;
	int null, i;

	sigemptyset(&none);
	for (i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	/* Nobody waits for what it draws then; the parent may have ended before it was asked for. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(pipe_end, 2) < 0 ||
	    chdir(plots))
		_exit(1);
	environ = environment;	/* before PATH is searched */
	execvp(argv[0], argv);
	_exit(EXIT_NOT_FOUND);
}

/* In a process group of its own: one that hangs is killed with what it has started. */
static int spawn_gnuplot(struct drawing *drawing, char **argv, const char *plots, int pipe_end)
{
	char **environment = figures_environment();
	const pid_t parent = getpid();
	int ret = 0;

	if (!environment)
		return -ENOMEM;
	drawing->pid = fork();
	if (!drawing->pid)
		become_gnuplot(argv, environment, plots, pipe_end, parent);
	if (drawing->pid < 0)
		ret = -errno;
	figures_environment_free(environment);
	return ret;
}

/* gnuplot -d -e "formats='svg'" A.gp B.gp ... in dir/plots. */
static int drawing_start(struct drawing *drawing, const char *dir, const char *format,
			 const struct figures *figures, struct error *err)
{
	static char program[] = "gnuplot", defaults[] = "-d", execute[] = "-e";
	char formats[32], *plots;
	char **argv = calloc(figures->nr + 5, sizeof(*argv));
	int ends[2] = { -1, -1 };
	size_t i;
	int ret = -ENOMEM;

	if (asprintf(&plots, "%s/plots", dir) < 0)
		plots = NULL;
	if (!plots || !argv)
		goto out;
	snprintf(formats, sizeof(formats), "formats='%s'", format);
	argv[0] = program;
	argv[1] = defaults;
	argv[2] = execute;
	argv[3] = formats;
	for (i = 0; i < figures->nr; i++)
		if (asprintf(&argv[4 + i], "%s.gp", figures->figures[i].name) < 0)
			goto out;
	ret = pipe2(ends, O_CLOEXEC) ? -errno : 0;
	if (!ret)
		ret = spawn_gnuplot(drawing, argv, plots, ends[1]);
	if (!ret)
		drawing->errors = fdopen(ends[0], "re");
out:
	if (ret)
		error_set(err, -ret, "cannot start gnuplot: %s", strerror(-ret));
	if (ends[1] >= 0)
		close(ends[1]);
	if (ends[0] >= 0 && !drawing->errors)
		close(ends[0]);
	for (i = 0; argv && i < figures->nr; i++)
		free(argv[4 + i]);
	free(argv);
	free(plots);
	return ret;
}

/* Whether it says more, or ends. One that does neither is killed, with its children, and then ends. */
static void drawing_await(struct drawing *drawing)
{
	struct pollfd errors = { .fd = fileno(drawing->errors), .events = POLLIN };

	int ready = 1;

	while (!drawing->hung && (ready = poll(&errors, 1, DRAWING_LIMIT_MS)) < 0 && errno == EINTR)
		;
	if (drawing->hung || ready)
		return;
	drawing->hung = true;
	kill(-drawing->pid, SIGKILL);
	kill(drawing->pid, SIGKILL);	/* before it was in a group of its own */
}

/* Its last line that says something. */
static void drawing_listen(struct drawing *drawing, char *last, size_t size)
{
	char line[256];

	setvbuf(drawing->errors, NULL, _IONBF, 0);
	for (;;) {
		drawing_await(drawing);
		if (!fgets(line, sizeof(line), drawing->errors))
			break;
		line[strcspn(line, "\n")] = '\0';
		if (strspn(line, " \t^") < strlen(line))
			snprintf(last, size, "%s", line);
	}
	fclose(drawing->errors);
}

/* Waits for one that was started. Its warnings are not passed on, its last line on failure is. */
static int drawing_finish(struct drawing *drawing, const char *format, struct error *err)
{
	char last[256] = "";
	int status = 0;

	if (drawing->errors)
		drawing_listen(drawing, last, sizeof(last));
	while (waitpid(drawing->pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_set(err, errno, "cannot wait for gnuplot: %s",
					 strerror(errno));
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (drawing->hung)
		return error_set(err, ETIMEDOUT, "gnuplot (%s) hung, and was killed: no figures are drawn",
				 format);
	/* What cannot load its libraries says so. */
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_FOUND && !*last)
		return error_set(err, ENOENT, "gnuplot is not installed: no figures are drawn");
	if (WIFSIGNALED(status))
		return error_set(err, EIO, "gnuplot (%s) ended by signal %d", format,
				 WTERMSIG(status));
	return error_set(err, EIO, "gnuplot (%s) failed: %s", format,
			 *last ? last : "no reason given");
}

int figures_gnuplot(const char *dir, const struct figures *figures, unsigned formats,
		    struct error *err)
{
	struct drawing drawings[FIGURES_NR_FORMATS] = { 0 };
	struct error later;
	int ret = 0, one;
	unsigned i;

	if (!figures->nr)	/* gnuplot without a file would wait for commands */
		return 0;
	for (i = 0; !ret && i < FIGURES_NR_FORMATS; i++)
		if (formats & 1u << i)
			ret = drawing_start(&drawings[i], dir, figures_formats[i], figures, err);
	for (i = 0; i < FIGURES_NR_FORMATS; i++) {
		if (drawings[i].pid <= 0)
			continue;
		one = drawing_finish(&drawings[i], figures_formats[i], ret ? &later : err);
		ret = ret ? ret : one;
	}
	return ret;
}
