/*
 * Counts of times in buckets of a constant relative width.
 *
 * SPDX-License-Identifier: MIT
 */
#include "histogram.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define A_DOUBLING (HISTOGRAM_LINEAR / 2)

unsigned histogram_bucket(uint64_t ns)
{
	unsigned shift, bucket;

	if (ns < HISTOGRAM_LINEAR)
		return (unsigned)ns;
	/* How far to the right it is from 32 to 63. */
	shift = 58 - (unsigned)__builtin_clzll(ns);
	bucket = shift * A_DOUBLING + (unsigned)(ns >> shift);
	return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

uint64_t histogram_least(unsigned bucket)
{
	unsigned shift;

	if (bucket < HISTOGRAM_LINEAR)
		return bucket;
	shift = bucket / A_DOUBLING - 1;
	return (uint64_t)(bucket - shift * A_DOUBLING) << shift;
}

void histogram_add(struct histogram *histogram, uint64_t ns)
{
	histogram->counts[histogram_bucket(ns)]++;
	histogram->nr++;
	if (ns > histogram->max_ns)
		histogram->max_ns = ns;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->counts[i] += from->counts[i];
	into->nr += from->nr;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
}

double histogram_percentile(const struct histogram *histogram, unsigned permille)
{
	const uint64_t rank = (histogram->nr * permille + 999) / 1000;
	uint64_t below = 0;
	unsigned i;

	if (histogram->nr - rank < HISTOGRAM_BEYOND)
		return NAN;
	for (i = 0; i + 1 < HISTOGRAM_BUCKETS; i++) {
		below += histogram->counts[i];
		if (below >= rank)
			break;
	}
	return fmin((double)(histogram_least(i) + histogram_least(i + 1) - 1) / 2,
		    (double)histogram->max_ns);
}

void histogram_write(FILE *out, const struct histogram *histogram)
{
	const char *separator = "";

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (!histogram->counts[i])
			continue;
		fprintf(out, "%s%llu:%llu", separator, (unsigned long long)histogram_least(i),
			(unsigned long long)histogram->counts[i]);
		separator = " ";
	}
}

/* A number and what ends it; moves *text behind that. */
static int number_read(const char **text, char end, uint64_t *number)
{
	char *after;

	if (!isdigit((unsigned char)**text))
		return -EBADMSG;
	errno = 0;
	*number = strtoull(*text, &after, 10);
	if (errno || *after != end)
		return -EBADMSG;
	*text = after + (end != '\0');
	return 0;
}

int histogram_read(struct histogram *histogram, const char *text)
{
	unsigned bucket, next = 0;

	memset(histogram, 0, sizeof(*histogram));
	while (*text) {
		const bool last = !strchr(text, ' ');
		uint64_t least, count;

		if (number_read(&text, ':', &least) || number_read(&text, last ? '\0' : ' ', &count) ||
		    (!last && !*text))
			return -EBADMSG;
		bucket = histogram_bucket(least);
		if (bucket < next || histogram_least(bucket) != least || !count ||
		    count > UINT32_MAX)
			return -EBADMSG;
		histogram->counts[bucket] = count;
		histogram->nr += count;
		next = bucket + 1;
	}
	histogram->max_ns = next ? histogram_least(next) - 1 : 0;
	return 0;
}
