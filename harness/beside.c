/*
 * Loads the runs that are laid side by side, and gives each a short name.
 *
 * SPDX-License-Identifier: MIT
 */
#include "beside_internal.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool same_folder(const char *a, const char *b)
{
	struct stat of_a, of_b;

	return !stat(a, &of_a) && !stat(b, &of_b) && of_a.st_dev == of_b.st_dev &&
	       of_a.st_ino == of_b.st_ino;
}

bool beside_holds(const struct beside *beside, const char *dir)
{
	for (size_t i = 0; i < beside->nr; i++)
		if (same_folder(beside->runs[i].report.dir, dir))
			return true;
	return false;
}

/* Of several tool chains that of the baseline that the others are judged against. */
static const char *variant_of(const struct report *report)
{
	const struct results *results = &report->results;

	for (size_t i = 0; results->nr_variants > 1 && i < results->nr_groups; i++)
		if (report->findings[i].baseline)
			return report->findings[i].baseline->variant;
	return results->nr_variants ? results->variants[0] : "";
}

static int run_load(struct beside_run *run, const char *dir, struct error *err)
{
	int ret;

	run->report.dir = dir;
	ret = report_load(&run->report, err);
	if (ret == -ENOENT || ret == -ENOTDIR)
		return error_set(err, -ret, "report: \"%s\" is no folder of a run with a report "
				 "(./run.sh report FOLDER makes one): %s", dir, strerror(-ret));
	if (ret)
		return ret;
	if (!strcmp(results_meta_text(&run->report.results, "status", NULL), "void"))
		return error_set(err, EINVAL, "report: \"%s\" is void, none of its numbers may be used",
				 dir);
	run->variant = variant_of(&run->report);
	return 0;
}

/* So much of a host's name; not in the midst of a character of UTF-8. */
#define HOST_BYTES 20

static int host_bytes(const char *host)
{
	int length = (int)strnlen(host, HOST_BYTES);

	while (length && ((unsigned char)host[length] & 0xc0) == 0x80)
		length--;
	return length;
}

/* How the labels of one host differ. */
enum label_form { LABEL_HOST, LABEL_DATE, LABEL_TIME };

static void label_make(struct beside_run *run, enum label_form form)
{
	const char *when = results_meta_text(&run->report.results, "started_utc", NULL);
	const char *host = results_meta_text(&run->report.results, "host", NULL);
	char time[24];

	host = *host ? host : "unnamed";
	/* 2026-11-23T03:22:56Z */
	snprintf(time, sizeof(time), "%.*s", form == LABEL_DATE ? 10 : 19, when);
	if (strlen(time) > 10)
		time[10] = ' ';
	snprintf(run->label, sizeof(run->label), "%.*s%s%s", host_bytes(host), host,
		 form == LABEL_HOST ? "" : " ", form == LABEL_HOST ? "" : time);
}

static bool is_taken(const struct beside *beside, size_t at, size_t others)
{
	for (size_t i = 0; i < others; i++)
		if (i != at && !strcmp(beside->runs[i].label, beside->runs[at].label))
			return true;
	return false;
}

/* Hosts that are there once go by their name, others by the date too, or the time, or a number. */
static void labels_make(struct beside *beside)
{
	bool taken[BESIDE_MOST] = { false };

	for (size_t i = 0; i < beside->nr; i++)
		label_make(&beside->runs[i], LABEL_HOST);
	for (enum label_form form = LABEL_DATE; form <= LABEL_TIME; form++) {
		for (size_t i = 0; i < beside->nr; i++)
			taken[i] = is_taken(beside, i, beside->nr);
		for (size_t i = 0; i < beside->nr; i++)
			if (taken[i])
				label_make(&beside->runs[i], form);
	}
	for (size_t i = 0; i < beside->nr; i++)
		for (unsigned nr = 2; is_taken(beside, i, i); nr++) {
			label_make(&beside->runs[i], LABEL_TIME);
			snprintf(beside->runs[i].label + strlen(beside->runs[i].label), 8, " (%u)", nr);
		}
}

static int load_all(struct beside *beside, const char *const *dirs, size_t nr, struct error *err)
{
	int ret;

	for (size_t i = 0; i < nr; i++) {
		if (beside_holds(beside, dirs[i]))
			return error_set(err, EINVAL, "report: \"%s\" is given twice", dirs[i]);
		ret = run_load(&beside->runs[beside->nr++], dirs[i], err);
		if (ret)
			return ret;
	}
	labels_make(beside);
	return cases_make(beside) || beside_figures(beside) ?
	       error_set(err, ENOMEM, "out of memory") : 0;
}

int beside_load(struct beside **beside, const char *const *dirs, size_t nr, struct error *err)
{
	int ret;

	*beside = calloc(1, sizeof(**beside));
	if (!*beside)
		return error_set(err, ENOMEM, "out of memory");
	ret = load_all(*beside, dirs, nr, err);
	if (ret) {
		beside_free(*beside);
		*beside = NULL;
	}
	return ret;
}

void beside_free(struct beside *beside)
{
	if (!beside)
		return;
	figures_free(&beside->figures);
	free(beside->plots);
	cases_free(beside);
	for (size_t i = 0; i < beside->nr; i++)
		report_free(&beside->runs[i].report);
	free(beside);
}

int beside_write(const struct beside *beside, const char *out, struct error *err)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before;
	int ret;

	if (!plain)
		return error_set(err, ENOMEM, "out of memory");
	before = uselocale(plain);
	ret = report_page(out, "report.html", beside_html, beside, err);
	if (!ret)
		ret = report_page(out, "report.md", beside_md, beside, err);
	uselocale(before);
	freelocale(plain);
	return ret;
}
