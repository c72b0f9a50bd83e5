/*
 * Writes the report of a run: loads it, finds what it found, and replaces both pages.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"
#include "runfile.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int report_page(const char *dir, const char *name, int (*write)(FILE *, const void *),
		const void *what, struct error *err)
{
	char *path;
	int ret;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return error_set(err, ENOMEM, "out of memory");
	ret = runfile_replace(path, write, what, false, err);
	free(path);
	return ret;
}

int report_load(struct report *report, struct error *err)
{
	size_t i;
	int ret = results_load(&report->results, report->dir, err);

	if (ret)
		return ret;
	report->findings = calloc(report->results.nr_groups + 1, sizeof(*report->findings));
	if (!report->findings || figures_plan(&report->figures, &report->results))
		return error_set(err, ENOMEM, "out of memory");
	for (i = 0; i < report->results.nr_groups; i++) {
		const struct result_group *group = &report->results.groups[i];

		if (group->key.threads > report->most_threads)
			report->most_threads = group->key.threads;
		if (finding_make(&report->findings[i], group))
			return error_set(err, ENOMEM, "out of memory");
	}
	return 0;
}

void report_free(struct report *report)
{
	size_t i;

	for (i = 0; report->findings && i < report->results.nr_groups; i++)
		finding_free(&report->findings[i]);
	free(report->findings);
	figures_free(&report->figures);
	if (report->results.texts)
		results_free(&report->results);
}

unsigned report_formats(const char *dir, const struct figure *figure)
{
	unsigned i, formats = 0;
	struct stat stat_buf;
	char *path;

	for (i = 0; dir && i < FIGURES_NR_FORMATS; i++) {
		if (asprintf(&path, "%s/plots/%s.%s", dir, figure->name, figures_formats[i]) < 0)
			continue;
		if (!stat(path, &stat_buf) && S_ISREG(stat_buf.st_mode) && stat_buf.st_size > 0)
			formats |= 1u << i;
		free(path);
	}
	return formats;
}

static int put_html(FILE *out, const void *report)
{
	return report_html(out, report);
}

static int put_md(FILE *out, const void *report)
{
	return report_md(out, report);
}

static int write_pages(struct report report, struct error *err)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before;
	int ret;

	if (!plain)
		return error_set(err, ENOMEM, "out of memory");
	before = uselocale(plain);
	ret = report_load(&report, err);
	if (!ret)
		ret = report_page(report.dir, "report.html", put_html, &report, err);
	if (!ret)
		ret = report_page(report.dir, "report.md", put_md, &report, err);
	report_free(&report);
	uselocale(before);
	freelocale(plain);
	return ret;
}

int report_write(const char *dir, struct error *err)
{
	return write_pages((struct report){ .dir = dir, .drawn = dir }, err);
}

int report_write_bare(const char *dir, struct error *err)
{
	return write_pages((struct report){ .dir = dir }, err);
}
