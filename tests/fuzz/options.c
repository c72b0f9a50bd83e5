/*
 * Command lines, a word a line, to options_parse().
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "harness/options.h"

#define MAX_WORDS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char program[] = "krefbench", *words[MAX_WORDS + 2] = { program };
	char *text = malloc(size + 1), *next = text;
	struct options options;
	struct error err = { "" };
	int nr = 1, error;

	memcpy(text, data, size);
	text[size] = '\0';
	while (nr <= MAX_WORDS && next)
		words[nr++] = strsep(&next, "\n");
	error = options_parse(&options, nr, words, &err);
	fuzz_promise(error <= 0, "0 or a negative errno");
	fuzz_promise(!error || *err.text, "a refusal has its line");
	fuzz_promise(!strpbrk(err.text, "\n\r\033"), "an error is one line of text");
	free(text);
	return 0;
}
