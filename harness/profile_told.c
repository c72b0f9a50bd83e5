/*
 * Reads what the sampled process tells of itself.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "profile_read.h"

static int add_text(struct profile_told *told, const struct profile_text *text, const char *path)
{
	struct profile_text *texts = realloc(told->texts, (told->nr_texts + 1) * sizeof(*texts));

	if (!texts)
		return -ENOMEM;
	told->texts = texts;
	texts += told->nr_texts;
	*texts = *text;
	texts->path = strndup(path, strcspn(path, "\n"));
	if (!texts->path)
		return -ENOMEM;
	told->nr_texts++;
	return 0;
}

static int add_worker(struct profile_told *told, int tid)
{
	pid_t *workers = realloc(told->workers, (told->nr_workers + 1) * sizeof(*workers));

	if (!workers)
		return -ENOMEM;
	told->workers = workers;
	workers[told->nr_workers++] = tid;
	return 0;
}

int profile_told_read(struct profile_told *told, const char *line)
{
	struct profile_text text = { .path = NULL };
	uint64_t user, kernel, interval;
	int tid, at = 0;
	unsigned number;

	if (sscanf(line, "text %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %n", &text.start,
		   &text.bytes, &text.offset, &text.vaddr, &at) == 4 && at)
		return add_text(told, &text, line + at);
	if (sscanf(line, "worker %u %d", &number, &tid) == 2)
		return add_worker(told, tid);
	if (sscanf(line, "busy %u %" SCNu64 " %" SCNu64 " %" SCNu64, &number, &user, &kernel,
		   &interval) == 4) {
		told->user_ns += (double)user;
		told->kernel_ns += (double)kernel;
		told->interval_ns += (double)interval;
	}
	if (sscanf(line, "ready %u %" SCNu64, &number, &interval) == 2)
		told->ready_ns += (double)interval;
	told->no_ready |= !strncmp(line, "ready-unknown ", 14);
	if (!strncmp(line, "error ", 6))
		snprintf(told->error, sizeof(told->error), "%.*s", (int)strcspn(line + 6, "\n"),
			 line + 6);
	sscanf(line, "arena %" SCNx64, &told->arena);
	sscanf(line, "interval %" SCNu64 " %" SCNu64, &told->begin_ns, &told->end_ns);
	sscanf(line, "op %lf", &told->ns_per_op);
	return 0;
}

bool profile_address(const struct profile_told *told, const struct spot *spot,
		     struct profile_text **text, uint64_t *address)
{
	for (unsigned i = 0; i < told->nr_texts; i++) {
		struct profile_text *at = &told->texts[i];

		if (strcmp(at->path, spot->object) != 0)
			continue;
		/* Which of the two perf prints depends on its version. */
		if (spot->address - at->start < at->bytes)
			*address = spot->address - at->start + at->vaddr;
		else if (spot->address - at->offset < at->bytes)
			*address = spot->address - at->offset + at->vaddr;
		else
			continue;
		*text = at;
		return true;
	}
	return false;
}

void profile_told_free(struct profile_told *told)
{
	for (unsigned i = 0; i < told->nr_texts; i++) {
		code_free(&told->texts[i].code);
		free(told->texts[i].path);
	}
	free(told->texts);
	free(told->workers);
}
