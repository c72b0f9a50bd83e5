/*
 * The command line.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_OPTIONS_H
#define HARNESS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "count.h"
#include "error.h"
#include "place.h"
#include "variant.h"

#define OPTIONS_MAX_VALUES 64
#define OPTIONS_MAX_CPUS 4096
#define OPTIONS_MOST_RUNS 8

struct option_values {
	unsigned values[OPTIONS_MAX_VALUES];
	unsigned nr;		/* 0: not given */
};

enum command {
	COMMAND_MEASURE,
	COMMAND_LIST,
	COMMAND_REPORT,		/* again, from the files of directory */
	COMMAND_BESIDE,		/* a report of several runs */
	COMMAND_AB,		/* measure, and tell what variant b changes */
	COMMAND_COMPARE,	/* the run in directory with that in other */
	COMMAND_DOCTOR,
	COMMAND_PLAN,		/* show it */
	COMMAND_RESUME,		/* tell run.sh what was typed to begin the run in directory */
	COMMAND_PROFILE,	/* where the time of one or two cells goes */
};

/* Where the objects of a group are homed, seen from its first worker. */
enum home_policy { HOME_LOCAL, HOME_REMOTE, HOME_INTERLEAVE, HOME_NODE };

struct home {
	enum home_policy policy;
	unsigned node;		/* of HOME_NODE, the system's number */
};

struct options {
	enum command command;
	bool quick;
	const char *filter;		/* NULL: all */
	struct option_values threads, objects, work_ns, replace;
	bool packed, padded;		/* layouts; neither: padded */
	bool placements[NR_PLACEMENTS];
	bool placement_given;
	unsigned cpus[OPTIONS_MAX_CPUS];	/* those of PLACE_LIST, OS indexes */
	unsigned nr_cpus;
	const char *topology;		/* of plan: another machine's, in XML; NULL: this one */
	struct home home;
	enum variant variants[NR_VARIANTS];	/* the first is the baseline's */
	bool built;			/* --rev, --cc or --cflags was given */
	bool other_commit;		/* of ab: variant b is of another commit, and what is here the change */
	unsigned nr_variants;		/* 0: the one that the program is built with */
	bool use_malloc;
	/* --counters; names of one line without commas or quotes */
	char counters[COUNTERS_MAX_NAMED][96];
	unsigned nr_counters;		/* 0: the suite's */
	unsigned launches;		/* 0: until the ratios are precise */
	double precision;		/* 0.01: +-1 percent */
	unsigned budget_s;		/* wall time of measuring; 0: as the matrix needs */
	uint64_t seed;
	bool seed_given;
	const char *directory;		/* --out, or the (first) operand; NULL: a new one */
	const char *other;		/* the second operand of compare */
	/* of a report of several, as typed */
	const char *runs[OPTIONS_MOST_RUNS];
	unsigned nr_runs;
	double fail_above;		/* of compare, a fraction; NAN: not given */
	/* of profile, as typed: one, or two with --diff */
	const char *cells[2];
	unsigned nr_cells;
	bool diff;
	const char *setting;		/* NULL: held, where the cell has it */
	const char *profiled;		/* internal: what this process is to run for a profile */
	unsigned launch;		/* internal: this process is launch N, from 1 */
	const char *launch_points;	/* internal: of each point of the plan 1: to measure, 0: not, -: left out, as it crashed */
	const char *launch_cut;		/* internal: the group within which a kill cut this launch, see launch.h */
	const char *resumed;		/* internal: the folder of the run that goes on; NULL: a new one */
};

/* "local", "remote", "interleave", or the node's number in buffer. */
const char *home_name(const struct home *home, char *buffer, size_t bytes);

/* In the environment of a launch. A user has no such options to meet by a slip. */
#define OPTIONS_LAUNCH "KREFBENCH_LAUNCH"
#define OPTIONS_LAUNCH_POINTS "KREFBENCH_LAUNCH_POINTS"
#define OPTIONS_LAUNCH_CUT "KREFBENCH_LAUNCH_CUT"

/* From run.sh: the words are those of the run in this folder, which goes on. */
#define OPTIONS_RESUMED "KREFBENCH_RESUMED"

/* In that of a process that runs a cell for a profile; its value is read in profile_cell.c. */
#define OPTIONS_PROFILED "KREFBENCH_PROFILED"

/*
 * Reads the command line. Returns 0, or -EINVAL with err naming the option, what was wrong and what
 * is accepted. The strings of argv are kept.
 */
int options_parse(struct options *options, int argc, char **argv, struct error *err);

#endif
