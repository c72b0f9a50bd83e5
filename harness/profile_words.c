/*
 * Sentences and names that the text and the page of a profile share.
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <string.h>

#include "profile_write.h"

char *profile_chain(const struct spot *spot, char *buf, size_t bytes)
{
	size_t length = 0;

	*buf = '\0';
	for (unsigned i = 0; i < spot->nr_frames && length < bytes; i++)
		if (*spot->frames[i].function)
			length += (size_t)snprintf(buf + length, bytes - length, "%s%s",
						   length ? " < " : "", spot->frames[i].function);
	if (!*buf)
		snprintf(buf, bytes, "%s", spot->symbol);
	return buf;
}

char *profile_place(const struct spot *spot, char *buf, size_t bytes)
{
	const char *slash = strrchr(spot->object, '/');

	if (spot->kernel)
		snprintf(buf, bytes, "kernel: %.*s, from %s", (int)strcspn(spot->kernel, " "),
			 spot->kernel, *spot->symbol ? spot->symbol : "user code");
	else if (spot->nr_frames && spot->frames->line)
		snprintf(buf, bytes, "%s:%u", spot->frames->file, spot->frames->line);
	else
		snprintf(buf, bytes, "%s in %s", *spot->symbol ? spot->symbol : "unknown",
			 slash ? slash + 1 : *spot->object ? spot->object : "unknown code");
	return buf;
}

/* Above this other programs are part of what was measured. */
#define MOST_PREEMPTED 0.02

static void words_away(struct words *words, const struct profile *profile)
{
	if (profile->shares[SPLIT_PREEMPTED] > MOST_PREEMPTED)
		words_add(words, "Others had the workers' processors for %.0f%% of the time, which is part "
			  "of the time of an op here: profile again when nothing else runs.",
			  100 * profile->shares[SPLIT_PREEMPTED]);
	if (profile->told.no_ready)
		words_add(words, "This kernel does not tell whether workers slept or others had their "
			  "processors: both count as asleep.");
}

bool profile_serves_other(const struct spot *spot)
{
	return spot->instruction && spot->instruction->atomic && spot->category != SPLIT_ATOMIC;
}

void profile_words_lead(struct words *words, const struct profile *profile)
{
	char place[1024], time[32], whole[32];
	double atomics = 0;
	const struct profile_row *hot = NULL;

	for (unsigned i = 0; i < profile->nr_instructions; i++) {
		const struct profile_row *row = &profile->instructions[i];

		if (!row->spot->instruction || !row->spot->instruction->atomic)
			continue;
		atomics += row->share;
		hot = hot ? hot : row;
	}
	if (!hot || atomics < PROFILE_LEAST_SHARE) {
		words_add(words, "No atomic instruction takes time here.");
		return;
	}
	words_add(words, "Atomic instructions, those of locks included, take %.1f%% of the time. The one "
		  "that takes most is %s, %s: %.1f%%, %s of %s.", 100 * atomics,
		  hot->spot->instruction->text, profile_place(hot->spot, place, sizeof(place)),
		  100 * hot->share, words_time(hot->share * profile->told.ns_per_op, time,
					       sizeof(time)),
		  words_time(profile->told.ns_per_op, whole, sizeof(whole)));
}

static void words_late(struct words *words, const struct profile *profile)
{
	double late = 0;

	for (unsigned i = 0; i < profile->nr_instructions; i++)
		late += profile->instructions[i].late;
	if (profile->event.precise) {
		words_add(words, "Samples are precise: each has the address of the instruction that "
			  "took the time.");
		return;
	}
	words_add(words, "Samples fall on the instruction after the one that waits: an interrupt comes "
		  "when an instruction has ended. Where one that is atomic or reads memory stands right "
		  "before, and nothing jumps between the two, they are counted for it: %.1f%% of the "
		  "time here. All others stay where they fell.", 100 * late);
}

void profile_words_method(struct words *words, const struct profile *profile)
{
	const struct profile_event *event = &profile->event;
	const unsigned samples = profile->spots.samples;

	words_add(words, "%u samples of %s inside a window of %.3g s, setup and guards left out: a share "
		  "of a half is known to +-%.1f points (95%%).", samples, event->name,
		  ((double)profile->told.end_ns - (double)profile->told.begin_ns) / 1e9,
		  samples ? 98 / sqrt(samples) : 100);
	if (*event->why)
		words_add(words, "%s: %s.", event->hardware ? "Not precise" :
			  "Time and not cycles is sampled", event->why);
	if (event->user_only)
		words_add(words, "The kernel's time is not sampled here (perf_event_paranoid); what the "
			  "workers had of it is told by the kernel's own account.");
	words_late(words, profile);
	words_away(words, profile);
	if (profile->starts_threads)
		words_add(words, "The threads that an op starts live shorter than it takes to sample one: "
			  "what they do is not seen here.");
	if (profile->beside >= PROFILE_LEAST_SHARE)
		words_add(words, "Other threads of the process (reclaiming ones, children) took %.1f%% of "
			  "what the workers took, in addition: %.3g ns for each op.",
			  100 * profile->beside, profile->beside * profile->told.ns_per_op);
}
