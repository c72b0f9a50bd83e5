/*
 * The command that repeats a run, from what meta.json tells of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

/* One argument as a shell takes it. */
static void put_argument(FILE *out, const char *text)
{
	const char *plain =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";

	if (*text && strspn(text, plain) == strlen(text)) {
		fputs(text, out);
		return;
	}
	fputc('\'', out);
	for (; *text; text++)
		fputs(*text == '\'' ? "'\\''" : (char[]){ *text, '\0' }, out);
	fputc('\'', out);
}

/* Whether the word is the option, with its value or before that; getopt takes beginnings that are no other's. */
static bool is_option(const char *word, const char *option, size_t least)
{
	const size_t length = strcspn(word, "=");

	return length >= least && !strncmp(word, option, length);
}

static const char *word_at(const json_t *command, size_t i)
{
	const char *word = json_string_value(json_array_get(command, i));

	return word ? word : "";
}

static bool has_seed(const json_t *command)
{
	for (size_t i = 1; i < json_array_size(command); i++)
		if (is_option(word_at(command, i), "--seed", strlen("--see")))
			return true;
	return false;
}

/* As typed, but for --out, which would be refused: that folder holds this run. */
static void put_arguments(FILE *out, const json_t *command, size_t first)
{
	for (size_t i = first; i < json_array_size(command); i++) {
		const char *word = word_at(command, i);

		if (is_option(word, "--out", strlen("--ou"))) {
			i += !strchr(word, '=');
			continue;
		}
		fputc(' ', out);
		put_argument(out, word);
	}
}

char *report_command(const struct report *report)
{
	const json_t *command = results_meta(&report->results, "command", NULL);
	const json_t *seed = results_meta(&report->results, "seed", NULL);
	const char *strategy = results_meta_text(&report->results, "strategy_header", NULL);
	/* ab is to come first, and -- may end options. */
	const size_t first = strcmp(word_at(command, 1), "ab") ? 1 : 2;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	if (json_array_size(command)) {
		if (*strategy) {
			fputs("STRATEGY=", out);
			put_argument(out, strategy);
			fputc(' ', out);
		}
		/* The file may have been written by anybody: what is run is always this. */
		fputs(first == 1 ? "./run.sh" : "./run.sh ab", out);
		if (json_is_integer(seed) && !has_seed(command))
			fprintf(out, " --seed %lld", (long long)json_integer_value(seed));
		put_arguments(out, command, first);
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
