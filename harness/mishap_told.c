/*
 * Reads what mishap.c writes, and says it to whoever waits for the run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mishap_told.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stacks.h"

bool mishap_told_line(struct mishap_told *told, const struct plan *plan, const char *line)
{
	int point, stage;
	long number;
	char kind;

	if (told->kind) {
		if (told->stacks)
			fputs(line, told->stacks);
		return true;
	}
	if ((sscanf(line, "%c%*[a-z] %d %d %ld", &kind, &point, &stage, &number) != 4) ||
	    (strncmp(line, "crash ", 6) && strncmp(line, "hang ", 5) && strncmp(line, "exit ", 5)))
		return false;
	if (point < -1 || point >= (int)plan->nr_points || stage < 0 || stage >= NR_MISHAP_STAGES)
		return false;
	told->kind = kind == 'c' ? MISHAP_CRASH : kind == 'h' ? MISHAP_HANG : MISHAP_EXIT;
	told->point = point;
	told->stage = (enum mishap_stage)stage;
	told->number = number;
	told->stacks = open_memstream(&told->text, &told->bytes);
	return true;
}

static void say(const struct mishap_told *told, const struct plan *plan, const struct crash *crash,
		struct error *err)
{
	char text[PLAN_NAME_BYTES + 160], number[16], launch[24];

	crash_launch(crash, launch, sizeof(launch));
	if (told->kind == MISHAP_HANG) {
		crash_point_name(plan, crash->point, text);
		error_set(err, EIO, "%s hung %s%s%s: not back after %.3g s%s",
			  text, mishap_stage_name(told->stage),
			  *crash->function ? ", in " : "", crash->function, (double)told->number * 1e-3,
			  launch);
	} else if (told->kind == MISHAP_EXIT) {
		crash_point_name(plan, crash->point, text);
		error_set(err, EIO, "%s ended the process %s%s%s%s", text, mishap_stage_name(told->stage),
			  *crash->function ? ", in " : "", crash->function, launch);
	} else if (told->point >= 0) {
		crash_tell(crash, plan, text, sizeof(text));
		error_set(err, EIO, "%s", text);
	} else {
		error_set(err, EIO, "crashed between points: %s%s%s%s",
			  crash_signal_name(crash->signal, number), *crash->function ? " in " : "",
			  crash->function, launch);
	}
}

void mishap_told_tell(struct mishap_told *told, const struct plan *plan, unsigned launch,
		      const char *directory, const char *called, const char *program,
		      struct crash *crash, struct error *err)
{
	struct stacks stacks = { .called = called, .program = program };
	struct stacks_told top;
	struct error cause;

	*crash = (struct crash){
		.point = told->point < 0 ? 0 : (unsigned)told->point,
		.launch = launch,
		.signal = told->kind == MISHAP_CRASH ? (int)told->number : 0,
		.stage = told->stage,
	};
	say(told, plan, crash, err);
	if (told->stacks && !fclose(told->stacks))
		stacks.text = told->text;
	told->stacks = NULL;
	if (!stacks.text)
		stacks.text = "";
	if (stacks_append(&stacks, directory, err->text, &top, &cause))
		fprintf(stderr, "krefbench: %s\n", cause.text);
	memcpy(crash->function, top.function, sizeof(crash->function));
	say(told, plan, crash, err);
	fprintf(stderr, "krefbench: %s\n%skrefbench: all stacks: %s/stacks.txt\n", err->text, top.top,
		directory);
}

void mishap_told_free(struct mishap_told *told)
{
	if (told->stacks)
		fclose(told->stacks);
	free(told->text);
}
