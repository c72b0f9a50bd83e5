/*
 * What the pages of a report share: the run with its findings, and sentences that both pages say.
 *
 * SPDX-License-Identifier: MIT
 *
 * Sentences are plain text; each page escapes them in its own way.
 */
#ifndef HARNESS_REPORT_INTERNAL_H
#define HARNESS_REPORT_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "figures.h"
#include "findings.h"
#include "report.h"
#include "results.h"

struct report {
	const char *dir;
	const char *drawn;	/* dir, whose figures may be shown; NULL: they may not */
	struct results results;
	struct figures figures;
	struct finding *findings;	/* one for each of results.groups */
	unsigned most_threads;
};

struct words {
	char **lines;
	size_t nr;
	bool failed;		/* out of memory: lines are missing */
};

__attribute__((format(printf, 2, 3)))
void words_add(struct words *words, const char *format, ...);
void words_free(struct words *words);

/* Three significant digits; "-" for an absent number. Returns buf. */
char *words_number(double value, char *buf, size_t size);

/*
 * What the intervals of the groups are: "95% interval", or with too few launches for one "extremes of 3
 * launches". Returns buf.
 */
char *words_interval(const struct result_group *groups, size_t nr, char *buf, size_t size);

/* "13.6 ns/op", in us where ns would be five digits or more. Returns buf. */
char *words_time(double ns, char *buf, size_t size);

/* "17.4% less time than refcount (95%: 16.1% to 19.0%)" or "1.30 times refcount's time". */
char *words_versus(const struct versus *versus, char *buf, size_t size);

/* The finding of the series at 1 thread, or at its most threads above 1; NULL where not measured.
 */
const struct finding *report_finding(const struct report *report,
				     const struct result_series *series, bool contended);

/*
 * Whether the series is one of those for the headline: no part of a work sweep; and, where the run
 * has several placements, objects and so on, the first of its workload and setting.
 */
bool report_is_main(const struct report *report, const struct result_series *series);

/* Whether nothing in the run has a verdict. */
bool report_unjudged(const struct report *report);

/* A headline cell as up to three texts: who, time, against refcount. Empty where not measured. */
struct headline {
	char who[512], time[96], against[160];
	const char *mark;	/* "tie" or "faster", as a class; "" where nothing is judged */
};
void report_headline(const struct report *report, const struct finding *finding,
		     struct headline *headline);

void words_status(struct words *words, const struct report *report);	/* warnings for the top */

/* Whether the point's strategy has a hole, and a line on all that it gives up. */
bool price_any(const struct report *report, const struct result_point *point);
void price_words(struct words *words, const struct report *report, const struct result_point *point);

/* What to use when, for one thread and for the most; what is named gives up; what is not told. */
void words_advice(struct words *words, const struct report *report);
void words_work(struct words *words, const struct report *report);
void words_method(struct words *words, const struct report *report);
void words_controls(struct words *words, const struct report *report);

/* How single ops were timed, and a table of percentiles for each series; nothing where none were. */
void words_latency(struct words *words, const struct report *report);
/* The head and body of the table behind a figure of latencies. */
void html_latencies(FILE *out, const struct report *report, const struct figure *figure);

void words_precision(struct words *words, const struct report *report);
void words_environment(struct words *words, const struct report *report);
/* A sentence for each cause. Reads samples.csv; without it nothing is said. */
void words_disturbed(struct words *words, const struct report *report);

/* Whether the item of the environment is told of as one that matters. */
bool report_matters(const struct report *report, const char *name);

/* "name\tvalue" a line. */
void words_verdicts(struct words *words, const struct report *report);
void words_flags(struct words *words, const struct report *report);
void words_machine(struct words *words, const struct report *report);

/* What a hand-over took, before the run and before its launches: "name\tvalue" a line. */
void words_handovers(struct words *words, const struct report *report);
/* Where it was not the same throughout: what figures are worth then. */
void words_moved(struct words *words, const struct report *report);

/* The command that repeats the run, "" where meta.json does not tell it. The caller frees it. */
char *report_command(const struct report *report);

/* Which formats of a figure are there, as FIGURES_ bits; none in NULL. */
unsigned report_formats(const char *dir, const struct figure *figure);

/* What a page says of an SVG, plain texts; number makes its ids unique in the page. */
struct svg_words {
	size_t number;
	const char *title, *desc;
};

/*
 * Copies the figure's SVG into a page, with a title and a description of its own. Returns 0; -EBADMSG for
 * anything but the plain shapes and texts that gnuplot writes, with nothing written.
 */
int report_svg(FILE *out, const char *path, const struct svg_words *words);

/*
 * Loads the run of report->dir and finds what it found. Returns 0 or a negative errno with err set;
 * report_free() afterwards in both cases.
 */
int report_load(struct report *report, struct error *err);
void report_free(struct report *report);

/*
 * Writes dir/name by write(): to a name aside first, so that a reader never sees half a page. Returns 0 or
 * a negative errno with err set.
 */
int report_page(const char *dir, const char *name, int (*write)(FILE *, const void *),
		const void *what, struct error *err);

/* Escaped for Markdown and the HTML inside it. */
void md_text(FILE *out, const char *text);
/* A line that links to what there is of a figure. */
void md_figure(FILE *out, const struct figure *figure, unsigned formats);

void html_text(FILE *out, const char *text);	/* escaped for text and quoted attributes */
/* A paragraph for each line, opened by open. */
void html_paragraphs(FILE *out, const struct report *report, const char *open,
		     void (*say)(struct words *, const struct report *));
/* A table of names and values. */
void html_facts(FILE *out, const struct report *report,
		void (*say)(struct words *, const struct report *));
/* A column's head that sorts; number: a column of numbers. */
void html_head(FILE *out, const char *title, bool number);
/*
 * Begins a figure: its SVG from dir, its caption if captioned, and links to its files; number is as for report_svg().
 * Returns whether the SVG could be shown. The caller ends it.
 */
bool html_figure(FILE *out, const char *dir, const struct figure *figure, size_t number, unsigned formats,
		 bool captioned);
/* Both panels and figures, each with its table behind it. */
void html_figures(FILE *out, const struct report *report);
/* Every series' table, folded. */
void html_tables(FILE *out, const struct report *report);
void html_holes(FILE *out, const struct report *report);

/* Points that crashed; nothing where none did. */
void html_crashes(FILE *out, const struct report *report);
void md_crashes(FILE *out, const struct report *report);

/* Holes of one reason; the lines tell which cells: "strategies: workloads". */
struct hole_reason {
	const char *reason;
	size_t nr_cells;
	struct words cells;
};

struct hole_reasons {
	struct hole_reason *list;	/* that of most cells first */
	size_t nr;
};

/* Returns 0 or -ENOMEM; hole_reasons_free() afterwards in both cases. */
int hole_reasons_make(struct hole_reasons *reasons, const struct results *results);
void hole_reasons_free(struct hole_reasons *reasons);

int report_html(FILE *out, const struct report *report);
int report_md(FILE *out, const struct report *report);

#endif
