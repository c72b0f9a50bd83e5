/*
 * Draws a run's figures: writes the data and scripts of all, and has gnuplot draw them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"
#include "runfile.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const figures_formats[FIGURES_NR_FORMATS] = { "svg", "png", "pdf" };

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

/* One picture; that there is none is as good. */
static int forget(const char *dir, const char *name, const char *format, struct error *err)
{
	char ending[8], *path;
	int ret = 0;

	snprintf(ending, sizeof(ending), ".%s", format);
	path = plot_path(dir, name, ending);
	if (!path)
		return error_set(err, ENOMEM, "out of memory");
	if (unlink(path) && errno != ENOENT)
		ret = error_set(err, errno, "cannot remove %s: %s", path, strerror(errno));
	free(path);
	return ret;
}

static int forget_all(const char *dir, const struct figures *figures, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < figures->nr; i++)
		for (unsigned format = 0; !ret && format < FIGURES_NR_FORMATS; format++)
			ret = forget(dir, figures->figures[i].name, figures_formats[format], err);
	return ret;
}

static int write_figure(const char *dir, const struct results *results,
			const struct tally *tally, const struct figure *figure, struct error *err)
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
	return ret;
}

static int make_folder(const char *dir, struct error *err)
{
	char *plots;
	int ret;

	if (asprintf(&plots, "%s/plots", dir) < 0)
		return error_set(err, ENOMEM, "out of memory");
	ret = runfile_folder(plots, err);
	free(plots);
	return ret;
}

int figures_begin(const char *dir, const struct figures *figures, bool *forgotten, struct error *err)
{
	int ret = make_folder(dir, err);

	if (!ret)
		ret = forget_all(dir, figures, err);
	*forgotten = !ret;
	return ret;
}

static int write_all(const char *dir, const struct tally *tally, const char *scripts,
		     const struct results *results, const struct figures *figures, struct error *err)
{
	static const char *const names[] = { "style.gp", "lines.gp", "bars.gp", "dots.gp",
				      "map.gp", "latency.gp" };
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(names) / sizeof(*names); i++)
		ret = figures_copy(dir, scripts, names[i], err);
	for (i = 0; !ret && i < figures->nr; i++)
		ret = write_figure(dir, results, tally, &figures->figures[i], err);
	return ret;
}

int figures_draw(const char *dir, const struct tally *tally, const char *scripts, unsigned formats,
		 bool *forgotten, struct error *err)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before;
	struct results results;
	struct figures figures;
	int ret;

	*forgotten = false;
	if (!plain)
		return error_set(err, ENOMEM, "out of memory");
	before = uselocale(plain);	/* a decimal comma would spoil every number */
	ret = results_load(&results, dir, err);
	if (ret)
		goto out_locale;
	ret = figures_plan(&figures, &results);
	ret = ret ? error_set(err, ENOMEM, "out of memory") : figures_begin(dir, &figures, forgotten, err);
	if (!ret)
		ret = write_all(dir, tally, scripts, &results, &figures, err);
	if (!ret)
		ret = figures_gnuplot(dir, &figures, formats, err);
	figures_free(&figures);
	results_free(&results);
out_locale:
	uselocale(before);
	freelocale(plain);
	return ret;
}
