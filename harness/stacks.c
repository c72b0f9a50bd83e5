/*
 * Turns the frames that backtrace_symbols_fd(3) wrote into functions, by addr2line.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stacks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile_tool.h"
#include "runfile.h"

/* Of all threads together. */
#define MOST_FRAMES 4096
/* On stderr. */
#define TOP_FRAMES 6

struct frame {
	bool begins;		/* no frame but a stack's first line, whose text is name */
	bool waits;
	char *name, *place;	/* NULL: not known */
	char *module;		/* NULL: the program */
	uint64_t offset;
};

struct frames {
	struct frame *list;
	unsigned nr;
};

static char *copy(const char *from, size_t length)
{
	return length ? strndup(from, length) : NULL;
}

/* PATH(NAME+0xOFFSET) [0xADDRESS], of which all but the last may lack; without an offset it is the address. */
static void read_frame(const struct stacks *stacks, const char *line, struct frame *frame)
{
	const char *open = strchr(line, '('), *plus = open ? strstr(open, "+0x") : NULL;
	const char *address = strstr(line, "[0x");
	const char *slash;

	frame->offset = plus ? strtoull(plus + 3, NULL, 16) : address ? strtoull(address + 3, NULL, 16) : 0;
	if (!open)
		return;
	if (plus)
		frame->name = copy(open + 1, (size_t)(plus - open - 1));
	if ((size_t)(open - line) == strlen(stacks->called) &&
	    !strncmp(line, stacks->called, (size_t)(open - line)))
		return;
	slash = memrchr(line, '/', (size_t)(open - line));
	slash = slash ? slash + 1 : line;
	frame->module = copy(slash, (size_t)(open - slash));
}

static int read_frames(const struct stacks *stacks, struct frames *frames)
{
	frames->list = calloc(MOST_FRAMES, sizeof(*frames->list));
	if (!frames->list)
		return -ENOMEM;
	for (const char *line = stacks->text; *line && frames->nr < MOST_FRAMES;) {
		const size_t length = strcspn(line, "\n");
		struct frame *frame = &frames->list[frames->nr++];
		char *text = strndup(line, length);

		if (!text)
			return -ENOMEM;
		frame->begins = !strncmp(text, "stack ", 6);
		frame->waits = frame->begins && strstr(text, ", waits");
		if (frame->begins)
			frame->name = copy(text + 6, length - 6);
		else
			read_frame(stacks, text, frame);
		free(text);
		line += length + (line[length] == '\n');
	}
	return 0;
}

/* Another than the innermost is where a call returns to, which may be in the next function already. */
static uint64_t asked_for(const struct frames *frames, unsigned i)
{
	return frames->list[i].offset - (i && !frames->list[i - 1].begins && frames->list[i].offset);
}

static bool is_asked(const struct frame *frame)
{
	return !frame->begins && !frame->module && !frame->name && frame->offset;
}

/* A function's line and its place's, for each that was asked for. */
static void read_names(FILE *output, struct frames *frames)
{
	char *line = NULL;
	size_t size = 0;

	for (unsigned i = 0; i < frames->nr; i++) {
		struct frame *frame = &frames->list[i];

		if (!is_asked(frame))
			continue;
		if (getline(&line, &size, output) <= 0)
			break;
		if (*line != '?')
			frame->name = copy(line, strcspn(line, "\n"));
		if (getline(&line, &size, output) <= 0)
			break;
		/* Without debug information there may be a file, but no line. */
		if (*line != '?' && !strstr(line, ":?"))
			frame->place = copy(line, strcspn(line, " \n"));
	}
	free(line);
}

/* Names stay unknown where there is no addr2line. */
static int find_names(const struct stacks *stacks, struct frames *frames)
{
	const char **argv = calloc(frames->nr + 6, sizeof(*argv));
	char (*addresses)[20] = calloc(frames->nr + 1, sizeof(*addresses));
	unsigned nr = 0, first = 0;
	struct tool tool;

	if (argv && addresses) {
		argv[first++] = "addr2line";
		argv[first++] = "-f";
		argv[first++] = "-C";
		argv[first++] = "-e";
		argv[first++] = stacks->program;
		for (unsigned i = 0; i < frames->nr; i++) {
			if (!is_asked(&frames->list[i]))
				continue;
			snprintf(addresses[nr], sizeof(*addresses), "0x%" PRIx64, asked_for(frames, i));
			argv[first + nr] = addresses[nr];
			nr++;
		}
		if (nr && !tool_open(&tool, argv, NULL, NULL)) {
			read_names(tool.output, frames);
			tool_close(&tool);
		}
	}
	free(addresses);
	free(argv);
	return argv && addresses ? 0 : -ENOMEM;
}

static void print_frame(FILE *out, const struct frame *frame)
{
	if (frame->begins) {
		fprintf(out, "%s\n", frame->name ? frame->name : "");
		return;
	}
	fprintf(out, "    %s", frame->name ? frame->name : "?");
	if (!frame->name)
		fprintf(out, " +0x%" PRIx64, frame->offset);
	if (frame->module)
		fprintf(out, " (%s)", frame->module);
	if (frame->place)
		fprintf(out, " %s", frame->place);
	fputc('\n', out);
}

/* The stack that the frame at begin begins: its innermost function of the program; NULL: none is known. */
static const char *own_function(const struct frames *frames, unsigned begin)
{
	for (unsigned i = begin + 1; i < frames->nr && !frames->list[i].begins; i++)
		if (!frames->list[i].module && frames->list[i].name)
			return frames->list[i].name;
	return NULL;
}

/*
 * A thread that is in the program's own code is rather the cause than one that waits in a library for a lock
 * of it. Returns where the stack begins, frames->nr where all wait.
 */
static unsigned find_cause(const struct frames *frames)
{
	unsigned found = frames->nr;

	for (unsigned i = 0; i + 1 < frames->nr; i++) {
		const struct frame *frame = &frames->list[i];

		if (!frame->begins || frame->waits || frame[1].begins)
			continue;
		if (!frame[1].module)
			return i;
		if (found == frames->nr)
			found = i;
	}
	return found;
}

static void tell(const struct frames *frames, struct stacks_told *told)
{
	FILE *top = fmemopen(told->top, sizeof(told->top) - 1, "w");
	const unsigned begin = find_cause(frames);
	const char *function = own_function(frames, begin);

	if (function)
		snprintf(told->function, sizeof(told->function), "%s", function);
	for (unsigned i = begin + 1; top && i < frames->nr && i <= begin + TOP_FRAMES &&
				     !frames->list[i].begins; i++)
		print_frame(top, &frames->list[i]);
	if (top)
		fclose(top);
}

static int append(const struct frames *frames, const char *directory, const char *title,
		  struct error *err)
{
	char *path;
	FILE *file;
	int error;

	if (asprintf(&path, "%s/stacks.txt", directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	file = runfile_append(path, &error, err);
	if (file) {
		fprintf(file, "%s\n", title);
		for (unsigned i = 0; i < frames->nr; i++)
			print_frame(file, &frames->list[i]);
		fputc('\n', file);
		error = runfile_close(file);
		if (error)
			error_set(err, -error, "cannot write %s: %s", path, strerror(-error));
	}
	free(path);
	return error;
}

int stacks_append(const struct stacks *stacks, const char *directory, const char *title,
		  struct stacks_told *told, struct error *err)
{
	struct frames frames = { .list = NULL };
	int error = read_frames(stacks, &frames);

	*told = (struct stacks_told){ .top = "" };
	if (!error)
		error = find_names(stacks, &frames);
	if (error) {
		error_set(err, -error, "no memory for the stacks");
	} else {
		tell(&frames, told);
		error = append(&frames, directory, title, err);
	}
	for (unsigned i = 0; i < frames.nr; i++) {
		free(frames.list[i].name);
		free(frames.list[i].place);
		free(frames.list[i].module);
	}
	free(frames.list);
	return error;
}
