/*
 * Reads the samples as perf script prints them.
 *
 * SPDX-License-Identifier: MIT
 *
 *	26148 57065.125241425:     500250
 *		ffffffff816c1369 generic_fillattr+0x49 ([kernel.kallsyms])
 *		           2092a fstatat64+0xa (/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2)
 *
 * Of user frames only the first counts: without frame pointers the rest of a chain is chance.
 */
#include "profile_spots.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "profile_frames.h"

/* The sample that is being read. */
struct sample {
	bool open, wanted, worker;
	bool user;		/* its first user frame has come */
	double weight;
	uint64_t address, into;
	char symbol[512], object[512], kernel[2048];
};

/* "57065.125241425:" in ns; 0: it is none. */
static uint64_t read_time(const char *text)
{
	char *end, *rest;
	const uint64_t seconds = strtoull(text, &end, 10);
	uint64_t ns;

	if (*end != '.')
		return 0;
	ns = strtoull(end + 1, &rest, 10);
	return rest - end == 10 && *rest == ':' ? seconds * 1000000000 + ns : 0;
}

static bool is_worker(const struct spots_window *window, pid_t tid)
{
	for (unsigned i = 0; i < window->nr_workers; i++)
		if (window->workers[i] == tid)
			return true;
	return false;
}

/* The line that begins a sample. */
static int read_header(struct sample *sample, const char *line, const struct spots_window *window)
{
	char time[64];
	long tid;
	uint64_t ns;
	double weight = 1;

	if (sscanf(line, "%ld %63s %lf", &tid, time, &weight) < 2)
		return -EBADMSG;
	ns = read_time(time);
	if (!ns)
		return -EBADMSG;
	sample->open = true;
	sample->user = false;
	sample->wanted = ns >= window->begin_ns && ns < window->end_ns;
	sample->worker = is_worker(window, (pid_t)tid);
	sample->weight = weight;
	sample->address = sample->into = 0;
	*sample->symbol = *sample->object = *sample->kernel = '\0';
	return 0;
}

/* Where the kernel hides its symbols perf does not know it, but its addresses are in the upper half. */
static bool in_kernel(uint64_t address, const char *object)
{
	const size_t length = strlen(object);

	if (address >> 63)
		return true;
	if (*object == '[')
		return strncmp(object, "[vdso", 5) != 0 && strncmp(object, "[unknown", 8) != 0;
	return length > 3 && !strcmp(object + length - 3, ".ko");
}

static void add_kernel(struct sample *sample, const char *symbol)
{
	const size_t length = strlen(sample->kernel);

	snprintf(sample->kernel + length, sizeof(sample->kernel) - length, "%s%s",
		 length ? " " : "", symbol);
}

/* Where " (object)" begins: symbols of C++ and folders may hold blanks and parentheses, too. */
static char *find_object(char *text)
{
	for (char *at = strstr(text, " ("); at; at = strstr(at + 1, " ("))
		if (at[2] == '/' || at[2] == '[')
			return at;
	return NULL;
}

/* "address symbol+0xinto (object)" */
static int read_frame(struct sample *sample, char *line)
{
	char *at, *object, *plus;
	const uint64_t address = strtoull(line, &at, 16);
	uint64_t into = 0;

	object = at == line || *at != ' ' ? NULL : find_object(at);
	if (!object)
		return -EBADMSG;
	*object = '\0';
	object += 2;
	object[strlen(object) - 1] = '\0';
	at += *at == ' ';
	plus = strrchr(at, '+');
	if (plus && !strncmp(plus, "+0x", 3)) {
		into = strtoull(plus + 3, NULL, 16);
		*plus = '\0';
	}
	if (!strcmp(at, "[unknown]"))
		*at = '\0';
	if (in_kernel(address, object)) {
		if (!sample->user)
			add_kernel(sample, *at ? at : "unknown");
	} else if (!sample->user) {
		sample->user = true;
		sample->address = address;
		sample->into = into;
		snprintf(sample->symbol, sizeof(sample->symbol), "%s", at);
		snprintf(sample->object, sizeof(sample->object), "%s",
			 strcmp(object, "[unknown]") ? object : "");
	}
	return 0;
}

static bool same_place(const struct spot *spot, const struct sample *sample)
{
	return spot->address == sample->address && !strcmp(spot->object, sample->object) &&
	       !strcmp(spot->kernel ? spot->kernel : "", sample->kernel);
}

static struct spot *spot_for(struct spots *spots, const struct sample *sample)
{
	struct spot *spot;

	for (unsigned i = 0; i < spots->nr; i++)
		if (same_place(&spots->spots[i], sample))
			return &spots->spots[i];
	spot = realloc(spots->spots, (spots->nr + 1) * sizeof(*spot));
	if (!spot)
		return NULL;
	spots->spots = spot;
	spot += spots->nr++;
	*spot = (struct spot){
		.symbol = strdup(sample->symbol),
		.object = strdup(sample->object),
		.address = sample->address,
		.into = sample->into,
		.kernel = *sample->kernel ? strdup(sample->kernel) : NULL,
	};
	return spot->symbol && spot->object && (spot->kernel || !*sample->kernel) ? spot : NULL;
}

static int sample_end(struct spots *spots, struct sample *sample)
{
	struct spot *spot;

	if (!sample->open || !sample->wanted) {
		sample->open = false;
		return 0;
	}
	sample->open = false;
	spot = spot_for(spots, sample);
	if (!spot)
		return -ENOMEM;
	if (sample->worker) {
		spot->weight += sample->weight;
		spot->samples++;
		spots->weight += sample->weight;
		spots->samples++;
	} else {
		spot->beside += sample->weight;
		spots->beside += sample->weight;
	}
	return 0;
}

static int read_line(struct spots *spots, struct sample *sample, char *line,
		     const struct spots_window *window)
{
	const bool indented = *line == '\t' || *line == ' ';
	char *text = line + strspn(line, " \t");
	int error = 0;

	text[strcspn(text, "\n")] = '\0';
	if (!*text)
		return sample_end(spots, sample);
	/* Thread numbers are set in columns: a header may be indented, but not by a tab. */
	if (*line == '\t' || (indented && sample->open && !strchr(text, ':')))
		return sample->open ? read_frame(sample, text) : -EBADMSG;
	error = sample_end(spots, sample);
	return error ? error : read_header(sample, text, window);
}

int spots_read(struct spots *spots, FILE *script, const struct spots_window *window)
{
	struct sample sample = { .open = false };
	char *line = NULL;
	size_t size = 0;
	int error = 0;

	while (!error && getline(&line, &size, script) > 0)
		error = read_line(spots, &sample, line, window);
	free(line);
	return error ? error : sample_end(spots, &sample);
}

void spots_free(struct spots *spots)
{
	for (unsigned i = 0; i < spots->nr; i++) {
		free(spots->spots[i].symbol);
		free(spots->spots[i].object);
		free(spots->spots[i].kernel);
		frames_free(spots->spots[i].frames, spots->spots[i].nr_frames);
	}
	free(spots->spots);
	*spots = (struct spots){ .nr = 0 };
}
