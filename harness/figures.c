/*
 * Draws a run's figures: writes the data and scripts of all, then one gnuplot a format over all.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"
#include "runfile.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define NR_FORMATS 3

static const char *const format_names[NR_FORMATS] = { "svg", "png", "pdf" };

/* dir/plots/name with an ending; NULL without memory. The caller frees it. */
static char *plot_path(const char *dir, const char *name, const char *ending)
{
	char *path;

	return asprintf(&path, "%s/plots/%s%s", dir, name, ending) < 0 ? NULL : path;
}

static int copy_stream(FILE *in, FILE *out)
{
	char buf[4096];
	size_t got;

	while ((got = fread(buf, 1, sizeof(buf), in)) > 0)
		if (fwrite(buf, 1, got, out) != got)
			return -EIO;
	return ferror(in) ? -EIO : 0;
}

int figures_copy(const char *dir, const char *scripts, const char *name, struct error *err)
{
	FILE *in = NULL, *out = NULL;
	char *from = NULL, *to = NULL;
	int lost, ret = -ENOMEM;

	if (asprintf(&from, "%s/%s", scripts, name) < 0) {
		from = NULL;
		goto out;
	}
	to = plot_path(dir, name, "");
	if (!to)
		goto out;
	in = fopen(from, "re");
	if (!in) {
		ret = -errno;
		goto out;
	}
	out = runfile_create(to, &ret, err);
	if (!out)
		goto out_named;
	ret = copy_stream(in, out);
	lost = runfile_close(out);
	ret = lost ? lost : ret;
out:
	if (ret)
		error_set(err, -ret, "cannot copy %s to %s: %s", from ? from : name, to ? to : dir,
			  strerror(-ret));
out_named:
	if (in)
		fclose(in);
	free(to);
	free(from);
	return ret;
}

/* One of the figure's two text files. */
static int write_file(const char *dir, const struct results *results, const struct figure *figure,
		      const struct chart *chart, const char *ending,
		      int (*write)(FILE *, const struct results *, const struct figure *,
				   const struct chart *), struct error *err)
{
	char *path = plot_path(dir, figure->name, ending);
	FILE *out;
	int lost, ret;

	if (!path)
		return error_set(err, ENOMEM, "out of memory");
	out = runfile_create(path, &ret, err);
	if (!out)
		goto out_path;
	ret = write(out, results, figure, chart);
	lost = runfile_close(out);
	ret = lost ? lost : ret;
	if (ret)
		error_set(err, -ret, "cannot write %s: %s", path, strerror(-ret));
out_path:
	free(path);
	return ret;
}

void figures_forget(const char *dir, const char *name, unsigned formats)
{
	for (unsigned i = 0; i < NR_FORMATS; i++) {
		char ending[8], *path;

		if (!(formats & 1u << i))
			continue;
		snprintf(ending, sizeof(ending), ".%s", format_names[i]);
		path = plot_path(dir, name, ending);
		if (path)
			unlink(path);
		free(path);
	}
}

static int write_figure(const char *dir, const struct results *results,
			const struct tally *tally, const struct figure *figure,
			unsigned formats, struct error *err)
{
	struct chart chart;
	int ret = chart_make(&chart, results, figure);

	if (!ret)
		ret = launches_add(&chart, figure, tally);
	if (ret) {
		chart_free(&chart);
		return error_set(err, ENOMEM, "out of memory");
	}
	ret = write_file(dir, results, figure, &chart, ".dat", figure_write_data, err);
	if (!ret)
		ret = write_file(dir, results, figure, &chart, ".gp", figure_write_script, err);
	chart_free(&chart);
	if (!ret)
		figures_forget(dir, figure->name, formats);
	return ret;
}

/* The environment without its locale and without a terminal preset; the texts are environ's. */
static char **plain_environment(void)
{
	static char locale[] = "LC_ALL=C";
	size_t nr = 0, used = 0, i;
	char **plain;

	while (environ[nr])
		nr++;
	plain = calloc(nr + 2, sizeof(*plain));
	if (!plain)
		return NULL;
	plain[used++] = locale;
	for (i = 0; i < nr; i++)
		if (strncmp(environ[i], "LC_ALL=", 7) && strncmp(environ[i], "GNUTERM=", 8))
			plain[used++] = environ[i];
	return plain;
}

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
static void become_gnuplot(char **argv, char **plain, const char *plots, int pipe_end)
{
	sigset_t none;
	int null, i;

	sigemptyset(&none);
	for (i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(pipe_end, 2) < 0 ||
	    chdir(plots))
		_exit(1);
	execvpe(argv[0], argv, plain);
	_exit(EXIT_NOT_FOUND);
}

/*
 * Starts gnuplot in its own process group: a Ctrl-C that ends the measuring must not end the
 * drawing of what was measured.
 */
static int spawn_gnuplot(struct drawing *drawing, char **argv, const char *plots, int pipe_end)
{
	char **plain = plain_environment();
	int ret = 0;

	if (!plain)
		return -ENOMEM;
	drawing->pid = fork();
	if (!drawing->pid)
		become_gnuplot(argv, plain, plots, pipe_end);
	if (drawing->pid < 0)
		ret = -errno;
	free(plain);
	return ret;
}

/* gnuplot -d -e "formats='svg'" A.gp B.gp ... in dir/plots. */
static int drawing_start(struct drawing *drawing, const char *dir, const char *format,
			 const struct figures *figures, struct error *err)
{
	static char program[] = "gnuplot", defaults[] = "-d", execute[] = "-e";
	char formats[32], *plots = plot_path(dir, "", "");
	char **argv = calloc(figures->nr + 5, sizeof(*argv));
	int ends[2] = { -1, -1 };
	size_t i;
	int ret = -ENOMEM;

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
	struct drawing drawings[NR_FORMATS] = { 0 };
	struct error later;
	int ret = 0, one;
	unsigned i;

	if (!figures->nr)	/* gnuplot without a file would wait for commands */
		return 0;
	for (i = 0; !ret && i < NR_FORMATS; i++)
		if (formats & 1u << i)
			ret = drawing_start(&drawings[i], dir, format_names[i], figures, err);
	for (i = 0; i < NR_FORMATS; i++) {
		if (drawings[i].pid <= 0)
			continue;
		one = drawing_finish(&drawings[i], format_names[i], ret ? &later : err);
		ret = ret ? ret : one;
	}
	return ret;
}

static int write_all(const char *dir, const struct tally *tally, const char *scripts,
		     const struct results *results, const struct figures *figures, unsigned formats,
		     struct error *err)
{
	static const char *const names[] = { "style.gp", "lines.gp", "bars.gp", "dots.gp",
				      "map.gp", "latency.gp" };
	char *plots;
	size_t i;
	int ret;

	if (asprintf(&plots, "%s/plots", dir) < 0)
		return error_set(err, ENOMEM, "out of memory");
	ret = runfile_folder(plots, err);
	free(plots);
	for (i = 0; !ret && i < sizeof(names) / sizeof(*names); i++)
		ret = figures_copy(dir, scripts, names[i], err);
	for (i = 0; !ret && i < figures->nr; i++)
		ret = write_figure(dir, results, tally, &figures->figures[i], formats, err);
	return ret;
}

int figures_draw(const char *dir, const struct tally *tally, const char *scripts, unsigned formats,
		 struct error *err)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before;
	struct results results;
	struct figures figures;
	int ret;

	if (!plain)
		return error_set(err, ENOMEM, "out of memory");
	before = uselocale(plain);	/* a decimal comma would spoil every number */
	ret = results_load(&results, dir, err);
	if (ret)
		goto out_locale;
	ret = figures_plan(&figures, &results);
	if (ret)
		error_set(err, ENOMEM, "out of memory");
	else
		ret = write_all(dir, tally, scripts, &results, &figures, formats, err);
	if (!ret)
		ret = figures_gnuplot(dir, &figures, formats, err);
	figures_free(&figures);
	results_free(&results);
out_locale:
	uselocale(before);
	freelocale(plain);
	return ret;
}
