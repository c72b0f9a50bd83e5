/*
 * A run of two groups as the writes that its launches do, for a kill between or inside any of them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HARNESS_KILLED_H
#define TESTS_HARNESS_KILLED_H

#include <errno.h>

#include "harness/schedule.h"
#include "tests/harness/scratch.h"

enum { NR_CELLS = 3, NR_GROUPS = 2, NR_ROUNDS = 2, NR_LAUNCHES = 3, MOST_WRITES = 32 };

static const struct workload killed_cells[NR_CELLS] = {
	{ .strategy = "refcount", .variant = "gcc" },
	{ .strategy = "refcount", .variant = "aa", .kind = CELL_CONTROL },
	{ .strategy = "cas", .variant = "gcc" },
};
static const struct workload *killed_entries[NR_CELLS] = {
	&killed_cells[0], &killed_cells[1], &killed_cells[2],
};
static struct group killed_groups[NR_GROUPS] = {
	{ .workload = "one", .placements = "compact", .threads = 1, .objects = 1,
	  .cells = killed_entries, .nr_cells = NR_CELLS },
	{ .workload = "two", .placements = "compact", .threads = 2, .objects = 1,
	  .cells = killed_entries, .nr_cells = NR_CELLS, .first_point = NR_CELLS },
};
static const struct plan killed_plan = {
	.groups = killed_groups, .nr_groups = NR_GROUPS, .nr_points = NR_GROUPS * NR_CELLS,
};

enum { SAMPLES, LATENCY, NR_FILES };

static const char *const killed_files[NR_FILES] = { "samples.csv", "latency.csv" };

/* In the order of time. A round, the samples of single ops of a group, or a header (launch 0). */
static struct killed_write {
	int file;
	unsigned launch, group, round;	/* round 0: none */
	char text[2048];
} killed_writes[MOST_WRITES];
static unsigned nr_killed_writes;

static inline struct killed_write *killed_add(int file, unsigned launch, unsigned group, unsigned round)
{
	struct killed_write *write = &killed_writes[nr_killed_writes++];

	assert_true(nr_killed_writes <= MOST_WRITES);
	*write = (struct killed_write){ .file = file, .launch = launch, .group = group, .round = round };
	return write;
}

#define KILLED_HEADER                                                                                   \
	"launch,round,position,round_windows,rounds,workload,strategy,variant,kind,deferred,setting,"   \
	"placement,threads,objects,node,work_ns,layout,replace_permille,window_ns,batch_ops,ops,mops,"  \
	"ns_per_op,fairness,ticks,counted_ops,cycles,instructions,cache_misses,switches,migrations,"    \
	"retries,failed,total_ops,reclaim_ns,delays,delay_ns,garbage_objects,garbage_bytes,kref_bytes," \
	"thread_bytes,flags,counter_group\n"

/* Another in each window. */
static inline double killed_ns(unsigned launch, unsigned group, unsigned round, unsigned cell)
{
	return 10 * launch + 100 * group + round + 0.25 * cell;
}

static inline void killed_row(struct killed_write *write, unsigned cell)
{
	const size_t length = strlen(write->text);

	snprintf(write->text + length, sizeof(write->text) - length,
		 "%u,%u,1,%u,%u,%s,%s,%s,%s,0,held,compact,%u,1,,0,padded,0,500000,100,1000,,%g,,1,1"
		 ",,,,,,,,,,,,,,8,0,,\n", write->launch, write->round, NR_CELLS, NR_ROUNDS,
		 killed_groups[write->group].workload, killed_cells[cell].strategy,
		 killed_cells[cell].variant, killed_cells[cell].kind ? "control" : "candidate",
		 killed_groups[write->group].threads,
		 killed_ns(write->launch, write->group, write->round, cell));
}

static inline void killed_sample(struct killed_write *write, unsigned cell)
{
	const size_t length = strlen(write->text);

	snprintf(write->text + length, sizeof(write->text) - length,
		 "%u,%s,%s,gcc,candidate,0,held,compact,%u,1,,0,padded,0,750000,30,2,9,1,,9:2,\n",
		 write->launch, killed_groups[write->group].workload, killed_cells[cell].strategy,
		 killed_groups[write->group].threads);
}

/* All of the run, launch by launch. */
static inline void killed_plant(void)
{
	struct killed_write *write;

	nr_killed_writes = 0;
	strcpy(killed_add(SAMPLES, 0, 0, 0)->text, KILLED_HEADER);
	strcpy(killed_add(LATENCY, 0, 0, 0)->text,
	       "launch,workload,strategy,variant,kind,deferred,setting,placement,threads,objects,node,"
	       "work_ns,layout,replace_permille,window_ns,gap_ops,samples,max_ns,clock_ns,stamps,ops,flags\n");
	for (unsigned launch = 1; launch <= NR_LAUNCHES; launch++)
		for (unsigned group = 0; group < NR_GROUPS; group++) {
			for (unsigned round = 1; round <= NR_ROUNDS; round++) {
				write = killed_add(SAMPLES, launch, group, round);
				for (unsigned cell = 0; cell < NR_CELLS; cell++)
					killed_row(write, cell);
			}
			write = killed_add(LATENCY, launch, group, 0);
			killed_sample(write, 0);
			killed_sample(write, 2);
		}
}

/* The files as a kill leaves them that lets that many writes be and of the next these bytes. */
static inline void killed_leave(unsigned writes, size_t bytes)
{
	for (int f = 0; f < NR_FILES; f++) {
		FILE *file = fopen(scratch_path(killed_files[f]), "w");

		assert_non_null(file);
		for (unsigned i = 0; i <= writes && i < nr_killed_writes; i++)
			if (killed_writes[i].file == f)
				fwrite(killed_writes[i].text, 1, i < writes ? strlen(killed_writes[i].text) :
				       bytes, file);
		assert_int_equal(fclose(file), 0);
	}
}

static inline long killed_size(int file)
{
	struct stat status;

	return stat(scratch_path(killed_files[file]), &status) ? -1 : (long)status.st_size;
}

/* Bytes of a file in the first of the writes. */
static inline long killed_bytes(int file, unsigned writes)
{
	long bytes = 0;

	for (unsigned i = 0; i < writes; i++)
		if (killed_writes[i].file == file)
			bytes += (long)strlen(killed_writes[i].text);
	return bytes;
}

#endif
