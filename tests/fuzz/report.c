/*
 * All files of a run's folder to its report and the scripts of its figures. The input holds the files one
 * after the other, each behind a line with @ and its name; figure.svg is what each figure is drawn as.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include <ctype.h>
#include <errno.h>
#include <sys/stat.h>

#include "harness/figures_internal.h"
#include "harness/report.h"
#include "harness/rounds.h"

static const char *const names[] = {
	"meta.json", "summary.csv", "ratios.csv", "holes.csv", "handover.csv", "floors.csv",
	"latency.csv", "samples.csv", "figure.svg",
};

#define NR_NAMES (sizeof(names) / sizeof(*names))

static const char *name_at(const char *at, const char *end)
{
	for (size_t i = 0; i < NR_NAMES; i++) {
		const size_t length = strlen(names[i]);

		if ((size_t)(end - at) > length + 1 && *at == '@' && at[length + 1] == '\n' &&
		    !memcmp(at + 1, names[i], length))
			return names[i];
	}
	return NULL;
}

static void write_files(const char *at, const char *end)
{
	char path[128];

	for (size_t i = 0; i < NR_NAMES; i++) {
		snprintf(path, sizeof(path), "%s/%s", fuzz_dir(), names[i]);
		unlink(path);
	}
	while (at < end) {
		const char *name = name_at(at, end), *from = at, *line;

		if (!name)
			return;
		from += strlen(name) + 2;
		for (at = from; at < end && !name_at(at, end); at = line ? line + 1 : end)
			line = memchr(at, '\n', (size_t)(end - at));
		fuzz_write(name, from, (size_t)(at - from));
	}
}

/* A text of the folder's is between single quotes only, and no number is one that gnuplot has not. */
static void check_script(const char *script)
{
	char quote = '\0';

	for (const char *at = script; *at; at++) {
		const bool word = at > script && isalnum((unsigned char)at[-1]);

		if (*at == '#' && !quote)
			at += strcspn(at, "\n");
		else if (quote ? *at == quote : *at == '\'' || *at == '"')
			quote = quote ? '\0' : *at;
		else if (quote != '\'')
			fuzz_promise(!strchr("`@!\\$", *at) && (word || (strncmp(at, "inf", 3) &&
				     strncmp(at, "nan", 3))), script);
		fuzz_promise(*at != '\n' || !quote, "a quote ends in its line");
	}
}

/* What summarise() hands on: whether samples.csv is there, and sound. */
static bool read_tally(struct tally *tally)
{
	struct samples samples;
	struct error err;
	char path[128];
	int error;

	snprintf(path, sizeof(path), "%s/samples.csv", fuzz_dir());
	if (samples_open(&samples, path, &err))
		return false;
	error = rounds_read(&samples, tally, &err);
	samples_close(&samples);
	return !error;
}

static void draw_as_given(const struct figure *figure)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/plots", fuzz_dir());
	if (mkdir(path, 0777) && errno != EEXIST)
		abort();
	snprintf(path, sizeof(path), "%s/plots/%s.svg", fuzz_dir(), figure->name);
	if (symlink("../figure.svg", path) && errno != EEXIST)
		abort();
}

static void draw(const struct results *results)
{
	struct tally tally = { 0 };
	const struct tally *read = read_tally(&tally) ? &tally : NULL;
	struct figures figures;
	struct chart chart;
	char *text;
	size_t size;
	FILE *out;

	if (figures_plan(&figures, results))
		abort();
	for (size_t i = 0; i < figures.nr; i++) {
		const struct figure *figure = &figures.figures[i];

		fuzz_promise(!figure->name[strspn(figure->name, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")], "names of files are plain");
		draw_as_given(figure);
		if (chart_make(&chart, results, figure) || launches_add(&chart, figure, read))
			abort();
		out = open_memstream(&text, &size);
		if (!out || figure_write_data(out, results, figure, &chart))
			abort();
		fclose(out);
		free(text);
		out = open_memstream(&text, &size);
		if (!out || figure_write_script(out, results, figure, &chart))
			abort();
		fclose(out);
		check_script(text);
		free(text);
		chart_free(&chart);
	}
	figures_free(&figures);
	tally_free(&tally);
}

static char *read_page(const char *name)
{
	char path[128], *text = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", fuzz_dir(), name);
	file = fopen(path, "re");
	if (!file)
		abort();
	if (getdelim(&text, &size, '\0', file) < 0)
		abort();
	fclose(file);
	return text;
}

static unsigned count(const char *text, const char *word)
{
	unsigned nr = 0;

	while ((text = strcasestr(text, word))) {
		text++;
		nr++;
	}
	return nr;
}

static void check_pages(void)
{
	char *html = read_page("report.html"), *md = read_page("report.md");

	fuzz_promise(count(html, "<script") == 1 && count(md, "<script") == 0,
		     "a page has no script but its own");
	fuzz_promise(count(html, "<svg") == count(html, "</svg"), "a figure ends where it should");
	free(html);
	free(md);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct results results;
	struct error err = { "" };
	int error;

	write_files((const char *)data, (const char *)data + size);
	error = results_load(&results, fuzz_dir(), &err);
	fuzz_promise(!error || *err.text, "a refusal has its line");
	fuzz_promise(!strpbrk(err.text, "\n\r\033"), "an error is one line of text");
	if (error)
		return 0;
	draw(&results);
	results_free(&results);
	error = report_write(fuzz_dir(), &err);
	fuzz_promise(!error, err.text);
	check_pages();
	return 0;
}
