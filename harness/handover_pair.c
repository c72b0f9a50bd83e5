/*
 * Hands a line back and forth between two processors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "handover_internal.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "clock.h"
#include "stats.h"

/*
 * Each batch is on a line of its own: where on the chip a line's home is depends on its address, and by
 * one line alone the same two cores read 49 ns in one process and 95 in the next.
 */
#define BATCHES 32
/* No further batch where lines take so long: on an emulated machine milliseconds each. */
#define MIN_BATCHES 3
#define VISIT_NS 5000000
/* A batch: so many round trips, or as many as last so long, when both threads have come to run. */
#define MAX_TRIPS 100
#define BATCH_NS 50000
#define WARM_UP_NS 100000
#define WARM_UP_TRIPS 4

#define LONGEST_WAIT_NS 1000000000ull
/* Polls between two looks at the clock. */
#define POLLS 1000000

/* To the answerer: there are no more questions on this line. */
#define END UINT_MAX

/* Two lines, as some processors fetch the next one with it. */
struct line {
	_Alignas(WORKLOAD_ALIGN) atomic_uint word;
};

struct exchange {
	struct line lines[BATCHES];
	double batches[BATCHES];
	unsigned nr_batches;
	bool answered;
};

/*
 * Waits until the word is value; false where it is END, or after a second. To read the clock before
 * the first poll would make a hand-over 10 ns faster: the line is then left to the writer.
 */
static bool word_await(struct line *line, unsigned value)
{
	uint64_t start_ns = 0;

	for (;;) {
		for (unsigned i = 0; i < POLLS; i++) {	/* acquire: pairs with the other's store */
			const unsigned word = atomic_load_explicit(&line->word,
								   memory_order_acquire);

			if (word == value)
				return true;
			if (word == END)
				return false;
		}
		if (!start_ns)
			start_ns = clock_monotonic_ns();
		if (clock_monotonic_ns() - start_ns > LONGEST_WAIT_NS)
			return false;
	}
}

/* Odd values are the caller's, even ones the answers. */
static bool trips_run(struct line *line, unsigned *value, unsigned trips)
{
	for (unsigned i = 0; i < trips; i++) {
		/* release: pairs with the other's load */
		atomic_store_explicit(&line->word, ++*value, memory_order_release);
		if (!word_await(line, ++*value))
			return false;
	}
	return true;
}

/*
 * Sets the trips of a batch by the fastest: the first waits for a thread to start, any may be
 * interrupted.
 */
static bool warm_up(struct line *line, unsigned *value, unsigned *trips)
{
	const uint64_t start_ns = clock_monotonic_ns();
	uint64_t fastest_ns = BATCH_NS, last_ns, now_ns = start_ns;

	for (unsigned i = 0; i < WARM_UP_TRIPS || now_ns - start_ns < WARM_UP_NS; i++) {
		last_ns = now_ns;
		if (!trips_run(line, value, 1))
			return false;
		now_ns = clock_monotonic_ns();
		if (now_ns - last_ns < fastest_ns)
			fastest_ns = now_ns - last_ns;
	}
	*trips = BATCH_NS / (fastest_ns + 1) + 1 < MAX_TRIPS ?
		 (unsigned)(BATCH_NS / (fastest_ns + 1)) + 1 : MAX_TRIPS;
	return true;
}

static void line_end(struct line *line)
{
	atomic_store_explicit(&line->word, END, memory_order_relaxed);
}

/* One trip before, in which the other comes to this line. */
static bool batch_run(struct line *line, unsigned value, unsigned trips, double *ns)
{
	bool answered = trips_run(line, &value, 1);
	const uint64_t start_ns = clock_monotonic_ns();

	answered = answered && trips_run(line, &value, trips);
	*ns = (double)(clock_monotonic_ns() - start_ns) / (2 * trips);
	line_end(line);
	return answered;
}

static void *call(void *argument)
{
	struct exchange *exchange = argument;
	unsigned value = 0, trips = 1, i = 0;
	bool answered = warm_up(exchange->lines, &value, &trips);
	const uint64_t start_ns = clock_monotonic_ns();

	for (; answered && i < BATCHES && (i < MIN_BATCHES || clock_monotonic_ns() - start_ns < VISIT_NS);
	     i++)
		answered = batch_run(&exchange->lines[i], i ? 0 : value, trips, &exchange->batches[i]);
	exchange->nr_batches = i;
	exchange->answered = answered;
	for (i = 0; i < BATCHES; i++)
		line_end(&exchange->lines[i]);
	return NULL;
}

/* Goes to the next line where one has ended, and gives up where it has not. */
static void *answer(void *argument)
{
	struct exchange *exchange = argument;

	for (struct line *line = exchange->lines; line < exchange->lines + BATCHES; line++) {
		for (unsigned value = 1; word_await(line, value); value += 2)
			/* release: pairs with the caller's load */
			atomic_store_explicit(&line->word, value + 1, memory_order_release);
		if (atomic_load_explicit(&line->word, memory_order_relaxed) != END)
			return NULL;
	}
	return NULL;
}

/* Returns 0 or a positive errno. */
static int thread_start(pthread_t *thread, int cpu, void *(*run)(void *), void *argument)
{
	const size_t bytes = CPU_ALLOC_SIZE(cpu + 1);
	cpu_set_t *set = CPU_ALLOC(cpu + 1);
	pthread_attr_t attributes;
	int error = set ? pthread_attr_init(&attributes) : ENOMEM;

	if (!error) {
		CPU_ZERO_S(bytes, set);
		CPU_SET_S(cpu, bytes, set);
		error = pthread_attr_setaffinity_np(&attributes, bytes, set);
		if (!error)
			error = pthread_create(thread, &attributes, run, argument);
		pthread_attr_destroy(&attributes);
	}
	CPU_FREE(set);
	return error;
}

int handover_pair_measure(const struct handover_pair *pair, double *ns, struct error *err)
{
	struct exchange exchange = { .answered = false };
	pthread_t caller, answerer;
	int error = thread_start(&answerer, pair->cpu_b, answer, &exchange);

	if (!error) {
		error = thread_start(&caller, pair->cpu_a, call, &exchange);
		for (unsigned i = 0; error && i < BATCHES; i++)
			line_end(&exchange.lines[i]);
		if (!error)
			pthread_join(caller, NULL);
		pthread_join(answerer, NULL);
	}
	if (error)
		return error_set(err, error, "cannot hand over between processors %d and %d: %s",
				 pair->cpu_a, pair->cpu_b, strerror(error));
	*ns = exchange.answered ? stats_median_inplace(exchange.batches, exchange.nr_batches) :
	      NAN;
	return 0;
}
