/*
 * Hands a line back and forth between each two cores.
 *
 * SPDX-License-Identifier: MIT
 */
#include "handover.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "random.h"
#include "stats.h"

/*
 * Rounds over all pairs, in each the median of batches. A round of few pairs waits for its time to end:
 * for a second or so the same lines may take half as long again.
 */
#define ROUNDS 15
#define ROUND_NS 100000000ull
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
/* No further round. */
#define ENOUGH_NS 5000000000ull

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

/* Sets *ns to the median of the batches, NAN where an answer did not come. */
static int pair_measure(const struct handover_pair *pair, double *ns, struct error *err)
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

/* Of the chosen cores a and b, by one processor of each. */
static void pair_add(struct handover *handover, unsigned a, unsigned b, const struct seat *seat_a,
		     const struct seat *seat_b)
{
	handover->pairs[handover->nr_pairs++] = (struct handover_pair){
		.cpu_a = seat_a->cpu, .cpu_b = seat_b->cpu, .step = seats_step(seat_a, seat_b),
		.ns = NAN, .lo = NAN, .hi = NAN,
	};
	handover->pair_of[a * handover->nr_chosen + b] = handover->nr_pairs;
	handover->pair_of[b * handover->nr_chosen + a] = handover->nr_pairs;
}

/* The first processors of the chosen cores with each other, and with the second of their own. */
static void pairs_add(struct handover *handover, const struct place *place)
{
	for (unsigned i = 0; i < place->nr_seats; i++) {
		const struct seat *a = &place->seats[i];

		if (a->thread_in_core > 0 || handover->chosen[i] < 0)
			continue;
		if (a->core_size > 1)
			pair_add(handover, (unsigned)handover->chosen[i],
				 (unsigned)handover->chosen[i], a, a + 1);
		for (unsigned j = i + 1; j < place->nr_seats; j++)
			if (place->seats[j].thread_in_core == 0 && handover->chosen[j] >= 0)
				pair_add(handover, (unsigned)handover->chosen[i],
					 (unsigned)handover->chosen[j], a, &place->seats[j]);
	}
}

/* Numbers the cores in hwloc's order and chooses evenly among them. */
static int cores_choose(struct handover *handover, const struct place *place)
{
	unsigned core = 0, chosen;

	for (unsigned i = 0; i < place->nr_seats; i++)
		handover->nr_cores += place->seats[i].thread_in_core == 0;
	chosen = handover->nr_cores < HANDOVER_CORES ? handover->nr_cores : HANDOVER_CORES;
	handover->nr_chosen = chosen;
	handover->chosen = calloc(place->nr_seats + 1, sizeof(*handover->chosen));
	handover->pair_of = calloc((size_t)chosen * chosen + 1, sizeof(*handover->pair_of));
	handover->pairs = calloc((size_t)chosen * (chosen + 1) / 2 + 1, sizeof(*handover->pairs));
	if (!handover->chosen || !handover->pair_of || !handover->pairs)
		return -ENOMEM;
	for (unsigned i = 0; i < place->nr_seats; i++) {
		core += i && place->seats[i].thread_in_core == 0;
		/* The first core of those that have the same number is it. */
		handover->chosen[i] = (int)(core * chosen / handover->nr_cores);
		if (core && (core - 1) * chosen / handover->nr_cores ==
			    core * chosen / handover->nr_cores)
			handover->chosen[i] = -1;
	}
	return 0;
}

/* samples: ROUNDS of each pair, of which *rounds are taken. */
static int rounds_run(struct handover *handover, uint64_t seed, bool (*interrupted)(void),
		      double *samples, unsigned *rounds, struct error *err)
{
	const uint64_t start_ns = clock_monotonic_ns();
	const unsigned n = handover->nr_pairs;
	unsigned *order = calloc(n + 1, sizeof(*order));
	int error = order ? 0 : error_set(err, ENOMEM, "no memory for a round of hand-overs");

	for (unsigned i = 0; order && i < n; i++)
		order[i] = i;
	for (*rounds = 0; !error && *rounds < ROUNDS; ++*rounds) {
		if (*rounds && clock_monotonic_ns() - start_ns > ENOUGH_NS)
			break;
		const uint64_t round_ns = clock_monotonic_ns();

		random_shuffle(order, n, &seed);
		for (unsigned i = 0; !error && i < n; i++)
			error = interrupted() ? -EINTR :
				pair_measure(&handover->pairs[order[i]],
					     &samples[(size_t)order[i] * ROUNDS + *rounds],
					     err);
		while (!error && n && !interrupted() && clock_monotonic_ns() - round_ns < ROUND_NS)
			nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	free(order);
	return error;
}

/* A round without an answer leaves the pair without a figure. */
static void pair_fold(struct handover_pair *pair, double *samples, unsigned rounds)
{
	for (unsigned i = 0; i < rounds; i++)
		if (isnan(samples[i]))
			return;
	pair->ns = stats_median_inplace(samples, rounds);
	pair->lo = pair->hi = pair->ns;
	for (unsigned i = 0; i < rounds; i++) {
		pair->lo = fmin(pair->lo, samples[i]);
		pair->hi = fmax(pair->hi, samples[i]);
	}
}

/* scratch has room for all pairs. */
static void steps_fold(struct handover *handover, double *scratch)
{
	for (enum step step = 0; step < NR_STEPS; step++) {
		size_t nr = 0;

		for (unsigned i = 0; i < handover->nr_pairs; i++)
			if (handover->pairs[i].step == step && !isnan(handover->pairs[i].ns))
				scratch[nr++] = handover->pairs[i].ns;
		handover->step_ns[step] = nr ? stats_median_inplace(scratch, nr) : NAN;
	}
}

int handover_open(struct handover *handover, const struct place *place, struct error *err)
{
	memset(handover, 0, sizeof(*handover));
	if (cores_choose(handover, place))
		return error_set(err, ENOMEM, "no memory for the pairs of %u processors",
				 place->nr_seats);
	pairs_add(handover, place);
	for (enum step step = 0; step < NR_STEPS; step++)
		handover->step_ns[step] = NAN;
	return 0;
}

int handover_measure(struct handover *handover, uint64_t seed, bool (*interrupted)(void),
		     struct error *err)
{
	double *samples = calloc((size_t)handover->nr_pairs * ROUNDS + 1, sizeof(*samples));
	unsigned rounds;
	int error;

	if (!samples)
		return error_set(err, ENOMEM, "no memory for %u hand-overs", handover->nr_pairs);
	error = rounds_run(handover, seed, interrupted, samples, &rounds, err);
	for (unsigned i = 0; !error && i < handover->nr_pairs; i++)
		pair_fold(&handover->pairs[i], &samples[(size_t)i * ROUNDS], rounds);
	if (!error)
		steps_fold(handover, samples);
	free(samples);
	return error;
}

void handover_free(struct handover *handover)
{
	free(handover->pairs);
	free(handover->pair_of);
	free(handover->chosen);
}
