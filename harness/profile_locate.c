/*
 * Finds the instruction, the inlined functions and the source line of each spot: objdump and addr2line.
 *
 * SPDX-License-Identifier: MIT
 *
 * perf could tell source lines itself, but runs addr2line once for each sample where it was built
 * without libbfd, which takes minutes.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "profile_read.h"
#include "profile_tool.h"

/* Behind a function's last sample, for jumps back that make a target of what is before it. */
#define BEHIND_BYTES 1024

/* The code of one function in its object's file. */
struct extent {
	uint64_t start, stop;
};

static int disassemble(struct profile_text *text, const struct extent *extent, struct error *err)
{
	char start[64], stop[64];
	const char *const argv[] = {
		"objdump", "-d", "--no-show-raw-insn", start, stop, text->path, NULL
	};
	struct tool tool;
	int error;

	snprintf(start, sizeof(start), "--start-address=0x%" PRIx64, extent->start);
	snprintf(stop, sizeof(stop), "--stop-address=0x%" PRIx64, extent->stop);
	error = tool_open(&tool, argv, NULL, NULL);
	if (error)
		return error_set(err, -error, "cannot run objdump: %s", strerror(-error));
	error = code_read(&text->code, tool.output);
	tool_close(&tool);
	return error ? error_set(err, -error, "no memory for code") : 0;
}

static int by_start(const void *a, const void *b)
{
	const struct extent *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

/* Functions of which some spot is, joined where they overlap. Returns how many. */
static unsigned extents_make(const struct profile *profile, const struct profile_text *text,
			     struct extent *extents)
{
	unsigned nr = 0, joined = 0;

	for (unsigned i = 0; i < profile->spots.nr; i++) {
		const struct spot *spot = &profile->spots.spots[i];
		struct profile_text *of;
		uint64_t address;

		if (!*spot->symbol || spot->kernel ||
		    !profile_address(&profile->told, spot, &of, &address) || of != text)
			continue;
		extents[nr++] = (struct extent){ address - spot->into, address + BEHIND_BYTES };
	}
	if (!nr)
		return 0;
	qsort(extents, nr, sizeof(*extents), by_start);
	for (unsigned i = 1; i < nr; i++) {
		struct extent *last = &extents[joined];

		if (extents[i].start > last->stop)
			extents[++joined] = extents[i];
		else if (extents[i].stop > last->stop)
			last->stop = extents[i].stop;
	}
	return joined + 1;
}

static int read_code(struct profile *profile, struct error *err)
{
	struct extent *extents = calloc(profile->spots.nr + 1, sizeof(*extents));
	int error = extents ? 0 : error_set(err, ENOMEM, "no memory for code");

	for (unsigned t = 0; !error && t < profile->told.nr_texts; t++) {
		struct profile_text *text = &profile->told.texts[t];
		const unsigned nr = extents_make(profile, text, extents);

		for (unsigned i = 0; !error && i < nr; i++)
			error = disassemble(text, &extents[i], err);
		code_link(&text->code);
	}
	free(extents);
	return error;
}

static void find_instructions(struct profile *profile)
{
	for (unsigned i = 0; i < profile->spots.nr; i++) {
		struct spot *spot = &profile->spots.spots[i];
		struct profile_text *text;

		spot->located = profile_address(&profile->told, spot, &text, &spot->code);
		if (!spot->located || spot->kernel)
			continue;
		spot->at = spot->instruction = code_find(&text->code, spot->code);
		if (spot->at && !profile->event.precise)
			spot->instruction = code_before(&text->code, spot->at);
	}
}

/* Where the source of the spot is looked for. */
static uint64_t asked_for(const struct spot *spot)
{
	return spot->instruction ? spot->instruction->address : spot->code;
}

/* Of one text. */
struct asking {
	struct profile *profile;
	const struct profile_text *text;
};

static struct profile_frame *frames_copy(const struct profile_frame *frames, unsigned nr)
{
	struct profile_frame *copy = calloc(nr, sizeof(*copy));

	for (unsigned i = 0; copy && i < nr; i++) {
		copy[i].line = frames[i].line;
		copy[i].function = strdup(frames[i].function);
		copy[i].file = strdup(frames[i].file);
		if (!copy[i].function || !copy[i].file) {
			frames_free(copy, nr);
			return NULL;
		}
	}
	return copy;
}

static bool is_of(const struct profile *profile, const struct spot *spot,
		  const struct profile_text *text)
{
	struct profile_text *of;
	uint64_t address;

	return spot->located && profile_address(&profile->told, spot, &of, &address) && of == text;
}

static int receive(void *context, uint64_t address, struct profile_frame *frames, unsigned nr)
{
	const struct asking *asking = context;
	int error = 0;

	for (unsigned i = 0; !error && i < asking->profile->spots.nr; i++) {
		struct spot *spot = &asking->profile->spots.spots[i];

		if (spot->frames || !is_of(asking->profile, spot, asking->text) ||
		    asked_for(spot) != address)
			continue;
		spot->frames = frames_copy(frames, nr);
		spot->nr_frames = nr;
		error = spot->frames ? 0 : -ENOMEM;
	}
	frames_free(frames, nr);
	return error;
}

/* The addresses of the text's spots, a line each. Returns how many, or -errno. */
static int write_addresses(const struct asking *asking, const char *path)
{
	FILE *file = fopen(path, "we");
	int nr = 0;

	if (!file)
		return -errno;
	for (unsigned i = 0; i < asking->profile->spots.nr; i++) {
		const struct spot *spot = &asking->profile->spots.spots[i];

		if (!is_of(asking->profile, spot, asking->text))
			continue;
		fprintf(file, "0x%" PRIx64 "\n", asked_for(spot));
		nr++;
	}
	return fclose(file) ? -EIO : nr;
}

static int ask_addresses(const struct asking *asking, const char *path, const char *home,
			 struct error *err)
{
	const char *const argv[] = {
		"addr2line", "-a", "-f", "-i", "-C", "-e", asking->text->path, NULL
	};
	struct tool tool;
	int error = write_addresses(asking, path);

	if (error <= 0)
		return error ? error_set(err, -error, "cannot write %s: %s", path,
					 strerror(-error)) : 0;
	error = tool_open(&tool, argv, path, NULL);
	if (error)
		return error_set(err, -error, "cannot run addr2line: %s", strerror(-error));
	error = frames_read(tool.output, home, receive, (void *)asking);
	tool_close(&tool);
	return error ? error_set(err, -error, "no memory for source lines") : 0;
}

int profile_locate(struct profile *profile, const char *directory, const char *home,
		   struct error *err)
{
	char *path;
	int error = read_code(profile, err);

	if (error)
		return error;
	find_instructions(profile);
	if (asprintf(&path, "%s/addresses", directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	for (unsigned t = 0; !error && t < profile->told.nr_texts; t++)
		error = ask_addresses(&(struct asking){ profile, &profile->told.texts[t] }, path,
				      home, err);
	unlink(path);
	free(path);
	for (unsigned i = 0; !error && i < profile->spots.nr; i++)
		profile->spots.spots[i].category = split_of(&profile->spots.spots[i]);
	return error;
}
