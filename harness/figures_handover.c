/*
 * Hand-overs between processors in figures: the map of all pairs, and the floor beside strategies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond so many the map is too fine to print a figure in each field, or to name each processor. */
#define MOST_FIGURES 10
#define MOST_NAMES 20

/* The processors in the order of the file, which is that of the topology. */
struct map {
	unsigned *cpus;
	size_t nr;
	double *ns;		/* nr x nr, NAN where not measured */
	double least, most;
};

static size_t cpu_index(struct map *map, unsigned cpu)
{
	size_t i = 0;

	while (i < map->nr && map->cpus[i] != cpu)
		i++;
	if (i == map->nr)
		map->cpus[map->nr++] = cpu;
	return i;
}

/* Siblings of a core stand on the map's diagonal, where a core meets itself. */
static bool is_sibling(const struct result_handover *handover)
{
	return !strcmp(handover->step, "SMT");
}

/* 0 or -ENOMEM; map_free() in both cases. */
static int map_make(struct map *map, const struct results *results)
{
	*map = (struct map){ .least = INFINITY, .most = 0 };
	map->cpus = calloc(2 * results->nr_handovers + 1, sizeof(*map->cpus));
	if (!map->cpus)
		return -ENOMEM;
	for (size_t i = 0; i < results->nr_handovers; i++) {
		cpu_index(map, results->handovers[i].cpu_a);
		if (!is_sibling(&results->handovers[i]))
			cpu_index(map, results->handovers[i].cpu_b);
	}
	map->ns = calloc(map->nr * map->nr + 1, sizeof(*map->ns));
	if (!map->ns)
		return -ENOMEM;
	for (size_t i = 0; i < map->nr * map->nr; i++)
		map->ns[i] = NAN;
	for (size_t i = 0; i < results->nr_handovers; i++) {
		const struct result_handover *handover = &results->handovers[i];
		const size_t a = cpu_index(map, handover->cpu_a);
		const size_t b = is_sibling(handover) ? a : cpu_index(map, handover->cpu_b);

		if (isnan(handover->ns))
			continue;
		map->ns[a * map->nr + b] = map->ns[b * map->nr + a] = handover->ns;
		map->least = fmin(map->least, handover->ns);
		map->most = fmax(map->most, handover->ns);
	}
	return 0;
}

static void map_free(struct map *map)
{
	free(map->cpus);
	free(map->ns);
}

int handover_figure(struct figure *figure, const struct results *results)
{
	const double cores = results_meta_number(results, "handover", "cores");
	const double chosen = results_meta_number(results, "handover", "chosen");
	struct map map;
	int ret = map_make(&map, results);

	strcpy(figure->name, "handover");
	figure->title = strdup("Time of a hand-over of a cache line between two processors");
	if (asprintf(&figure->caption,
		     "One processor writes, another waits for it and answers: half a round trip, one "
		     "processor a core, in the order of the topology; on the diagonal the siblings of a "
		     "core, where it has some.%s It is what a contended op waits for at least once "
		     "where threads take turns.",
		     chosen < cores ? " So many cores stand for all." : "") < 0)
		figure->caption = NULL;
	if (asprintf(&figure->alt, "A map of %zu times %zu processors, from %.3g to %.3g ns.", map.nr,
		     map.nr, map.least, map.most) < 0)
		figure->alt = NULL;
	map_free(&map);
	return ret || !figure->title || !figure->caption || !figure->alt ? -ENOMEM : 0;
}

int handover_write_data(FILE *out, const struct results *results)
{
	struct map map;
	int ret = map_make(&map, results);

	fputs("# processors:", out);
	for (size_t i = 0; !ret && i < map.nr; i++)
		fprintf(out, " %u", map.cpus[i]);
	fputs("\n", out);
	for (size_t i = 0; !ret && i < map.nr * map.nr; i++) {
		char number[32] = "?";

		if (!isnan(map.ns[i]))
			snprintf(number, sizeof(number), "%.9g", map.ns[i]);
		fprintf(out, "%s%s", number, (i + 1) % map.nr ? " " : "\n");
	}
	map_free(&map);
	return ret || ferror(out) ? -EIO : 0;
}

static void put_names(FILE *out, const struct map *map)
{
	const size_t each = (map->nr + MOST_NAMES - 1) / MOST_NAMES;

	fputs("ticks = \"", out);
	for (size_t i = 0; i < map->nr; i += each)
		fprintf(out, "%s'%u' %zu", i ? ", " : "", map->cpus[i], i);
	fputs("\"\n", out);
}

int handover_write_script(FILE *out, const struct results *results, const struct figure *figure)
{
	char machine[128];
	unsigned side;
	struct map map;
	int ret = map_make(&map, results);

	side = map.nr < 6 ? 220 : map.nr < 10 ? 40 * (unsigned)map.nr : 384;

	fprintf(out, "# Draws handover.svg, .png and .pdf from handover.dat: gnuplot handover.gp\n\n"
		"name = 'handover'\ntitle = ");
	figure_put_quoted(out, figure->title);
	fputs("\nsubtitle = ", out);
	figure_put_quoted(out, figure_machine(results, machine, sizeof(machine)));
	fprintf(out, "\nwidth = 560; height = %u; panel = 0\nleft_px = 84; right_px = %u\nnr = %zu\n",
		side + 62 + 56, 560 - 84 - side, map.nr);
	fprintf(out, "most = %.9g\nprinted = %d\n", map.most, map.nr <= MOST_FIGURES);
	if (!ret)
		put_names(out, &map);
	fputs("\nload 'map.gp'\n", out);
	map_free(&map);
	return ret || ferror(out) ? -EIO : 0;
}
