/*
 * Reads addr2line's output: an address, then a function and a place for each frame, innermost first.
 *
 * SPDX-License-Identifier: MIT
 *
 *	0x00000000000003df
 *	kref_refcount_add
 *	/home/me/krefbench/workloads/../kref/strategies/refcount.h:75 (discriminator 2)
 */
#include "profile_frames.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Takes a/.. and . out of a path, in place. */
static void fold(char *path)
{
	char *up;

	while ((up = strstr(path, "/./")))
		memmove(up, up + 2, strlen(up + 2) + 1);
	if (!strncmp(path, "./", 2))
		memmove(path, path + 2, strlen(path + 2) + 1);
	while ((up = strstr(path, "/../"))) {
		char *from = up;

		while (from > path && from[-1] != '/')
			from--;
		if (from == path)
			return;
		memmove(from, up + 4, strlen(up + 4) + 1);
	}
}

static char *place_of(char *text, const char *home, unsigned *line)
{
	const size_t length = strlen(home);
	char *colon = strrchr(text, ':');

	*line = 0;
	if (colon) {
		*line = (unsigned)strtoul(colon + 1, NULL, 10);
		*colon = '\0';
	}
	if (!strncmp(text, "??", 2))
		*text = '\0';
	fold(text);
	return strdup(strncmp(text, home, length) || text[length] != '/' ? text :
							 text + length + 1);
}

void frames_free(struct profile_frame *frames, unsigned nr_frames)
{
	for (unsigned i = 0; i < nr_frames; i++) {
		free(frames[i].function);
		free(frames[i].file);
	}
	free(frames);
}

/* The frames of the address that is being read. */
struct reading {
	uint64_t address;
	struct profile_frame *frames;
	unsigned nr;
	char *function;		/* its place comes next */
};

static int hand_on(struct reading *reading, frames_receive *receive, void *context)
{
	int error = 0;

	if (reading->nr)
		error = receive(context, reading->address, reading->frames, reading->nr);
	reading->frames = NULL;
	reading->nr = 0;
	return error;
}

static int add_frame(struct reading *reading, char *place, const char *home)
{
	struct profile_frame *frames = realloc(reading->frames,
					       (reading->nr + 1) * sizeof(*frames));

	if (!frames)
		return -ENOMEM;
	reading->frames = frames;
	frames += reading->nr++;
	frames->function = reading->function;
	reading->function = NULL;
	frames->file = place_of(place, home, &frames->line);
	return frames->file ? 0 : -ENOMEM;
}

static int read_line(struct reading *reading, char *line, const char *home,
		     frames_receive *receive, void *context)
{
	int error;

	line[strcspn(line, "\n")] = '\0';
	if (reading->function)
		return add_frame(reading, line, home);
	if (!strncmp(line, "0x", 2)) {
		error = hand_on(reading, receive, context);
		reading->address = strtoull(line, NULL, 16);
		return error;
	}
	reading->function = strdup(strcmp(line, "??") ? line : "");
	return reading->function ? 0 : -ENOMEM;
}

int frames_read(FILE *output, const char *home, frames_receive *receive, void *context)
{
	struct reading reading = { .nr = 0 };
	char *line = NULL;
	size_t size = 0;
	int error = 0;

	while (!error && getline(&line, &size, output) > 0)
		error = read_line(&reading, line, home, receive, context);
	if (!error)
		error = hand_on(&reading, receive, context);
	free(line);
	free(reading.function);
	frames_free(reading.frames, reading.nr);
	return error;
}
