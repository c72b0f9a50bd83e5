/*
 * Ticks of an axis, and names that keep apart from each other.
 *
 * SPDX-License-Identifier: MIT
 */
#include "figures_internal.h"

#include <math.h>
#include <string.h>

char *figure_number(double value, char *buf, size_t size)
{
	double magnitude = fabs(value);
	int whole = magnitude > 0 ? (int)floor(log10(magnitude)) + 1 : 1;
	int decimals = 3 - whole;
	double unit;

	if (!isfinite(value)) {
		snprintf(buf, size, "-");
		return buf;
	}
	if (decimals < 0) {
		unit = pow(10, -decimals);
		snprintf(buf, size, "%.0f", round(value / unit) * unit);
		return buf;
	}
	snprintf(buf, size, "%.*f", decimals > 9 ? 9 : decimals, value);
	/* 9.996 rounds up into a digit more: 10.00 is then 10.0. */
	if (decimals > 0 && fabs(round(value * pow(10, decimals))) >= 1000)
		snprintf(buf, size, "%.*f", decimals - 1, value);
	return buf;
}

static void tick_add(double at, char *buf, size_t size)
{
	size_t used = strlen(buf);

	/* Never in exponent form. */
	snprintf(buf + used, size - used, fabs(at) < 1e6 ? "%s'%.6g' %.9g" : "%s'%.0f' %.9g",
		 used ? ", " : "", at, at);
}

static void ticks_linear(double low, double high, char *buf, size_t size)
{
	double step = pow(10, floor(log10((high - low) / 4)));
	double at;

	if ((high - low) / step > 20)
		step *= 5;
	else if ((high - low) / step > 8)
		step *= 2;
	for (at = ceil(low / step - 1e-9) * step; at <= high + 1e-9 * step; at += step)
		tick_add(fabs(at) < step / 1e6 ? 0 : at, buf, size);
}

char *axis_ticks(double low, double high, bool logarithmic, char *buf, size_t size)
{
	static const double steps[] = { 1, 2, 5, 3, 7, 1.5, 4 };
	double decades = logarithmic ? log10(high / low) : 0;
	size_t nr = decades > 4 ? 1 : decades > 1.2 ? 3 : 5;
	int power;
	size_t i;

	buf[0] = '\0';
	if (!logarithmic || decades < 0.45) {
		ticks_linear(low, high, buf, size);
		return buf;
	}
	for (power = (int)floor(log10(low)); power <= (int)ceil(log10(high)); power++) {
		for (i = 0; i < nr; i++) {
			double at = steps[i] * pow(10, power);

			if (at >= low * 0.999 && at <= high * 1.001)
				tick_add(at, buf, size);
		}
	}
	return buf;
}

static bool has_room(const struct axis_label *labels, size_t nr, const struct axis_label *label)
{
	for (size_t i = 0; i < nr; i++)
		if (labels[i].shown && fabs(labels[i].middle - label->middle) <
				       (labels[i].width + label->width) / 2)
			return false;
	return true;
}

void axis_choose(struct axis_label *labels, size_t nr)
{
	for (unsigned rank = 0; rank < AXIS_NEVER; rank++)
		for (size_t i = 0; i < nr; i++)
			if (labels[i].rank == rank)
				labels[i].shown = has_room(labels, nr, &labels[i]);
}

/* The lowest wish that has no place in the order yet; nr when there is none. */
static size_t next_above(const double *at, const bool *done, size_t nr)
{
	size_t i, best = nr;

	for (i = 0; i < nr; i++)
		if (!done[i] && (best == nr || at[i] < at[best]))
			best = i;
	return best;
}

#define MAX_NAMES 128

/*
 * Pool adjacent violators: wishes too near to each other become one block, which stands at the mean
 * of what its members wish for.
 */
void axis_spread(double *at, size_t nr, double gap)
{
	struct block { double middle; size_t nr; } blocks[MAX_NAMES];
	size_t order[MAX_NAMES], i, j, k, nr_blocks = 0;
	bool done[MAX_NAMES] = { false };

	if (nr > MAX_NAMES)
		return;
	for (i = 0; i < nr; i++) {
		order[i] = next_above(at, done, nr);
		done[order[i]] = true;
	}
	for (i = 0; i < nr; i++) {
		struct block block = { at[order[i]], 1 };

		for (;;) {
			double half = gap * (double)block.nr / 2;

			block.middle = fmin(fmax(block.middle, half), fmax(1 - half, half));
			if (!nr_blocks)
				break;
			struct block *last = &blocks[nr_blocks - 1];

			if (last->middle + gap * (double)last->nr / 2 <= block.middle - half + 1e-9)
				break;
			block.middle = (last->middle * (double)last->nr +
					block.middle * (double)block.nr) /
				       (double)(last->nr + block.nr);
			block.nr += last->nr;
			nr_blocks--;
		}
		blocks[nr_blocks++] = block;
	}
	for (i = 0, k = 0; i < nr_blocks; i++)
		for (j = 0; j < blocks[i].nr; j++, k++)
			at[order[k]] = blocks[i].middle +
				       gap * ((double)j - ((double)blocks[i].nr - 1) / 2);
}
