/*
 * Writes samples.csv of a run of 10 million windows: many_samples LAUNCHES ROUNDS VARIANTS >samples.csv
 *
 * SPDX-License-Identifier: MIT
 *
 * 50 groups of 30 points each, whose columns are those of record.c: 48 launches of 139 rounds are 10008000 rows.
 * With two variants of each strategy it is half the groups, of 60 points. Each point has its own cost; launches differ by 2 percent and rounds by 10.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/random.h"

#define NR_WORKLOADS 10
#define NR_COUNTS 5
#define NR_STRATEGIES 30

static const char *const workloads[NR_WORKLOADS] = {
	"getput", "handoff_spawn", "handoff_queue", "queue_mutex", "queue_mutex_free_outside",
	"queue_put_mutex", "queue_put_lock", "queue_unless_zero", "queue_rcu", "queue_rcu_sync",
};

static double noise(uint64_t *random, double width)
{
	return 1 + width * ((double)(random_next(random) >> 11) / (double)(1ull << 53) - 0.5);
}

static void put_point(unsigned point)
{
	const unsigned strategy = point % NR_STRATEGIES;

	if (point < 3)
		printf("%s", (const char *const[]){ "refcount,gcc,candidate", "refcount,aa,control",
						    "empty,gcc,control" }[point]);
	else
		printf("strategy%02u,%s,candidate", strategy, point == strategy ? "gcc" : "clang");
}

static void put_row(unsigned launch, unsigned round, unsigned rounds, unsigned group, unsigned point,
		    unsigned points, double ns)
{
	const unsigned threads = 1u << group % NR_COUNTS;
	const double ops = threads * 500000 / ns;

	printf("%u,%u,%u,%u,%u,%s,", launch, round, point + 1, points, rounds,
	       workloads[group / NR_COUNTS]);
	put_point(point);
	printf(",0,held,compact,%u,1,0,0,padded,0,500000,1000,%.0f,%.6g,%.6g,0.95,%.0f,%.0f,,,,0,0,0,0,%.0f"
	       ",,,,,,4,0,,,,,,\n", threads, ops, 1000 * threads / ns, ns, ops * 30, ops, ops * 1.2);
}

static void put_launch(unsigned launch, unsigned rounds, unsigned variants, uint64_t *random)
{
	const unsigned points = variants * NR_STRATEGIES;

	for (unsigned group = 0; group < NR_WORKLOADS / variants * NR_COUNTS; group++) {
		const double of_launch = noise(random, 0.02);

		for (unsigned round = 1; round <= rounds; round++)
			for (unsigned point = 0; point < points; point++)
				put_row(launch, round, rounds, group, point, points,
					(12 + (point < 2 ? 0 : point)) * of_launch * noise(random, 0.1));
	}
}

int main(int argc, char **argv)
{
	const unsigned launches = argc > 3 ? (unsigned)atoi(argv[1]) : 0;
	const unsigned rounds = argc > 3 ? (unsigned)atoi(argv[2]) : 0;
	const unsigned variants = argc > 3 ? (unsigned)atoi(argv[3]) : 0;
	uint64_t random = 1;

	if (!launches || !rounds || variants < 1 || variants > 2) {
		fprintf(stderr, "usage: many_samples LAUNCHES ROUNDS 1|2\n");
		return 2;
	}
	puts("launch,round,position,round_windows,rounds,workload,strategy,variant,kind,deferred,setting,placement,"
	     "threads,objects,node,work_ns,layout,replace_permille,window_ns,batch_ops,ops,mops,ns_per_op,fairness,"
	     "ticks,counted_ops,cycles,instructions,cache_misses,switches,migrations,retries,failed,total_ops,"
	     "reclaim_ns,delays,delay_ns,garbage_objects,garbage_bytes,kref_bytes,thread_bytes,flags,counter_group,"
	     "moved_local,moved_remote,rfo_hitm,stall_cycles");
	for (unsigned launch = 1; launch <= launches; launch++)
		put_launch(launch, rounds, variants, &random);
	return fflush(stdout) || ferror(stdout);
}
