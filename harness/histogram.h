/*
 * Counts of times in buckets as wide as a 32nd of what they hold, so that percentiles of any size are
 * known within 1.6 percent.
 *
 * SPDX-License-Identifier: MIT
 *
 * Below 64 ns each ns has a bucket; from there on each doubling has 32. Source: Gil Tene's HdrHistogram,
 * whose buckets these are.
 */
#ifndef HARNESS_HISTOGRAM_H
#define HARNESS_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

#define HISTOGRAM_LINEAR 64		/* twice the buckets of a doubling */
/* About 18 minutes: what takes longer counts in the last bucket. */
#define HISTOGRAM_DOUBLINGS 34
#define HISTOGRAM_BUCKETS (HISTOGRAM_LINEAR + HISTOGRAM_DOUBLINGS * HISTOGRAM_LINEAR / 2)

struct histogram {
	uint64_t counts[HISTOGRAM_BUCKETS];
	uint64_t nr;
	uint64_t max_ns;		/* exact; 0 of none */
};

/* Fewer than these beyond a percentile, and chance decides where it lies. */
#define HISTOGRAM_BEYOND 10

/* The bucket of a time, and the least time that is in a bucket. */
unsigned histogram_bucket(uint64_t ns);
uint64_t histogram_least(unsigned bucket);

void histogram_add(struct histogram *histogram, uint64_t ns);
void histogram_merge(struct histogram *into, const struct histogram *from);

/*
 * The time, in ns, that permille of 1000 of the samples do not exceed: the middle of the bucket of that
 * rank. NAN where fewer than HISTOGRAM_BEYOND samples lie beyond the rank.
 */
double histogram_percentile(const struct histogram *histogram, unsigned permille);

/* Writes "LEAST:COUNT" for each bucket that counts any, with spaces between; nothing for none. */
void histogram_write(FILE *out, const struct histogram *histogram);

/*
 * Reads what histogram_write() wrote, with the end of the last bucket for the maximum. Returns 0, or -EBADMSG
 * where it did not write that.
 */
int histogram_read(struct histogram *histogram, const char *text);

#endif
