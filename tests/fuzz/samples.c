/*
 * samples.csv to what makes summary.csv and ratios.csv of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include "harness/figures_internal.h"
#include "harness/summarise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct results results;
	struct tally tally = { 0 };
	struct error err = { "" };
	int error;

	fuzz_write("samples.csv", data, size);
	fuzz_write("meta.json", "{}", 2);
	error = summarise(fuzz_dir(), NULL, &tally, &err);
	tally_free(&tally);
	fuzz_promise(!error || *err.text, "a refusal has its line");
	fuzz_promise(!strpbrk(err.text, "\n\r\033"), "an error is one line of text");
	if (error)
		return 0;
	/* What it wrote is there to be read. */
	error = results_load(&results, fuzz_dir(), &err);
	fuzz_promise(!error, err.text);
	results_free(&results);
	return 0;
}
