/*
 * Writes a figure's .dat: a block a line, then what launches measured, or the noise floor.
 *
 * SPDX-License-Identifier: MIT
 *
 * Names come from files that anybody may have written: here they stand in comments of one line.
 */
#include "figures_internal.h"

#include <errno.h>
#include <math.h>

#include "findings.h"

void figure_put_plain(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 127 ? ' ' : *text, out);
}

bool figure_is_rows(const struct figure *figure)
{
	return figure->nr_groups == 1 && figure->kind != FIGURE_FAIRNESS_ROWS &&
	       !figure_is_panel(figure);
}

size_t chart_launches_block(const struct chart *chart)
{
	for (size_t i = 0; i < chart->nr_lines; i++)
		if (chart->lines[i].nr_launches)
			return chart->nr_lines;
	return 0;
}

static const char *columns_of(const struct figure *figure)
{
	if (figure->kind == FIGURE_HANDOVER)
		return "a matrix of ns";
	if (figure->kind == FIGURE_LATENCY)
		return "ns share_of_ops_that_take_longer";
	if (figure_is_rows(figure))
		return "row value low high launches";
	switch (figure->kind) {
	case FIGURE_WORK:
		return "place ratio low high launches work_ns; the last block: place low high "
		       "floor";
	case FIGURE_VERSUS:
		return "threads ratio low high launches";
	case FIGURE_THROUGHPUT:
		return "threads million_ops_per_s low high launches";
	case FIGURE_RETRIES:
		return "threads retries low high launches";
	case FIGURE_MISSES:
		return "threads misses low high launches";
	case FIGURE_MOVED:
		return "threads lines low high launches";
	case FIGURE_FAIRNESS:
		return "threads fairness low high launches";
	case FIGURE_FAIRNESS_ROWS:
		return "row fairness low high launches";
	default:
		return "threads ns_per_op low high launches; the last blocks: what each launch "
		       "measured";
	}
}

static void write_launches(FILE *out, const struct figure *figure, const struct chart *chart)
{
	for (size_t i = 0; chart_launches_block(chart) && i < chart->nr_lines; i++) {
		const struct chart_line *line = &chart->lines[i];

		fprintf(out, "\n\n# launches of ");
		figure_put_plain(out, line->name);
		/* gnuplot skips a block without a line, and counts on. */
		fprintf(out, line->nr_launches ? "\n" : "\n? ?\n");
		for (size_t j = 0; j < line->nr_launches; j++)
			fprintf(out, "%.9g %.9g\n", figure_is_rows(figure) ? (double)(i + 1) :
				figure_x_place(figure, line->launches[j].x), line->launches[j].y);
	}
}

int figure_write_data(FILE *out, const struct results *results, const struct figure *figure,
		      const struct chart *chart)
{
	size_t i, j;

	fprintf(out, "# ");
	figure_put_plain(out, figure->title);
	fprintf(out, "\n# host ");
	figure_put_plain(out, results_meta_text(results, "host", NULL));
	fprintf(out, ", started ");
	figure_put_plain(out, results_meta_text(results, "started_utc", NULL));
	fprintf(out, "\n# columns: %s\n", columns_of(figure));
	if (figure->kind == FIGURE_HANDOVER)
		return handover_write_data(out, results);
	if (figure->kind == FIGURE_LATENCY)
		return latency_write_data(out, results, figure);
	for (i = 0; i < chart->nr_lines; i++) {
		fprintf(out, "%s# ", i ? "\n\n" : "\n");
		figure_put_plain(out, chart->lines[i].name);
		fputc('\n', out);
		for (j = 0; j < chart->lines[i].nr; j++) {
			const struct chart_dot *dot = &chart->lines[i].dots[j];

			fprintf(out, "%.9g %.9g %.9g %.9g %u",
				figure_is_rows(figure) ? (double)(i + 1) : figure_x_place(figure, dot->x), dot->y,
				dot->lo, dot->hi, dot->point ? dot->point->launches : 0);
			if (figure->kind == FIGURE_WORK)
				fprintf(out, " %.9g", dot->x);
			fputc('\n', out);
		}
	}
	write_launches(out, figure, chart);
	if (figure->kind == FIGURE_WORK) {
		fprintf(out, "\n\n# the noise floor\n");
		for (i = 0; i < figure->nr_groups; i++) {
			double floor = findings_floor(figure->groups[i], NULL);

			floor = isnan(floor) ? 0 : floor;
			fprintf(out, "%.9g %.9g %.9g %.9g\n",
				figure_x_place(figure, figure->groups[i]->key.work_ns), 1 / (1 + floor),
				1 + floor, floor);
		}
	}
	return ferror(out) ? -EIO : 0;
}
