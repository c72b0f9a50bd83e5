/*
 * Reads objdump's listings, of x86, arm64 and riscv.
 *
 * SPDX-License-Identifier: MIT
 */
#include "profile_code.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool any_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (begins(text, *words))
			return true;
	return false;
}

bool code_is_atomic(const char *text)
{
	/* The first letters of each mnemonic; operands say the rest. */
	static const char *const words[] = {
		"lock ", "amo", "lr.w", "lr.d", "sc.w", "sc.d",
		"ldadd", "ldclr", "ldeor", "ldset", "ldsmax", "ldsmin", "ldumax", "ldumin",
		"stadd", "stclr", "steor", "stset", "stsmax", "stsmin", "stumax", "stumin",
		"swp", "casp", "cas ", "casa", "casb", "cash", "casl",
		"ldxr", "ldaxr", "ldxp", "ldaxp", "stxr", "stlxr", "stxp", "stlxp", NULL
	};

	/* Prefixes such as xacquire, bnd and data16 come before lock. */
	if (strstr(text, " lock "))
		return true;
	if (begins(text, "xchg"))
		return strchr(text, '(') != NULL;
	return any_of(text, words);
}

/* x86 in AT&T's order: what is written stands last. */
static bool reads_x86(const char *text)
{
	static const char *const words[] = {
		"lea", "nop", "data16", "cs nop", "prefetch", "call", "jmp", "ret", "push", "pop", NULL
	};
	const size_t length = strcspn(text, "#");
	size_t end = length;
	bool stores;

	while (end && text[end - 1] == ' ')
		end--;
	stores = begins(text, "mov") && end && text[end - 1] == ')';
	if (!memchr(text, '(', length) && !strstr(text, "%fs:"))
		return false;
	return !any_of(text, words) && !stores;
}

bool code_reads(const char *text)
{
	/* Of arm64 and riscv. */
	static const char *const loads[] = {
		"ldr", "ldp", "ldar", "ldapr", "ldur", "ldtr", "ldnp", "ld ", "lw", "lb", "lh", NULL
	};

	return any_of(text, loads) || (strchr(text, '%') && reads_x86(text));
}

/* "jne 3c0 <getput_run+0x80>", "cbnz w1, 7c8 <f+0x8> // note": the number before the name. */
static uint64_t target_of(const char *text)
{
	static const char *const jumps[] = { "j", "b", "cb", "tb", "loop", NULL };
	const char *name = strchr(text, '<'), *number = name;

	/* One behind # is of data. */
	if (!name || !any_of(text, jumps) || begins(text, "bl ") || memchr(text, '#', name - text))
		return 0;
	while (number > text && number[-1] == ' ')
		number--;
	while (number > text && strchr("0123456789abcdef", number[-1]))
		number--;
	return number < name ? strtoull(number, NULL, 16) : 0;
}

static char *single_blanks(const char *text)
{
	char *copy = malloc(strlen(text) + 1), *to = copy;

	if (!copy)
		return NULL;
	for (; *text && *text != '\n'; text++) {
		if (*text != ' ' && *text != '\t')
			*to++ = *text;
		else if (to > copy && to[-1] != ' ')
			*to++ = ' ';
	}
	while (to > copy && to[-1] == ' ')
		to--;
	*to = '\0';
	return copy;
}

static int code_add(struct code *code, uint64_t address, const char *text)
{
	struct profile_instruction *instruction;

	if (code->nr == code->room) {
		const unsigned room = code->room ? 2 * code->room : 256;

		instruction = realloc(code->instructions, room * sizeof(*instruction));
		if (!instruction)
			return -ENOMEM;
		code->instructions = instruction;
		code->room = room;
	}
	instruction = &code->instructions[code->nr];
	*instruction = (struct profile_instruction){
		.address = address, .text = single_blanks(text),
	};
	if (!instruction->text)
		return -ENOMEM;
	instruction->atomic = code_is_atomic(instruction->text);
	instruction->waits = instruction->atomic || code_reads(instruction->text);
	instruction->jumps_to = target_of(instruction->text);
	code->nr++;
	return 0;
}

int code_read(struct code *code, FILE *listing)
{
	char *line = NULL, *end;
	size_t size = 0;
	int error = 0;

	while (!error && getline(&line, &size, listing) > 0) {
		const char *text = line + strspn(line, " ");
		const uint64_t address = strtoull(text, &end, 16);

		if (end == text || end[0] != ':' || end[1] != '\t')
			continue;
		error = code_add(code, address, end + 2);
	}
	free(line);
	return error;
}

static int by_address(const void *a, const void *b)
{
	const struct profile_instruction *left = a, *right = b;

	return (left->address > right->address) - (left->address < right->address);
}

void code_link(struct code *code)
{
	struct profile_instruction *found, key = { .address = 0 };

	/* Nothing was read: there is no array to sort. */
	if (!code->nr)
		return;
	qsort(code->instructions, code->nr, sizeof(*code->instructions), by_address);
	for (unsigned i = 0; i < code->nr; i++) {
		key.address = code->instructions[i].jumps_to;
		found = key.address ? bsearch(&key, code->instructions, code->nr, sizeof(key),
					      by_address) : NULL;
		if (found)
			found->target = true;
	}
}

const struct profile_instruction *code_find(const struct code *code, uint64_t address)
{
	const struct profile_instruction key = { .address = address };

	return code->nr ? bsearch(&key, code->instructions, code->nr, sizeof(key), by_address) :
			  NULL;
}

/* The longest of x86. */
#define MOST_BYTES 15

const struct profile_instruction *code_before(const struct code *code,
					      const struct profile_instruction *at)
{
	const struct profile_instruction *before = at - 1;

	if (at == code->instructions || at->target || !before->waits ||
	    at->address - before->address > MOST_BYTES)
		return at;
	return before;
}

void code_free(struct code *code)
{
	for (unsigned i = 0; i < code->nr; i++)
		free(code->instructions[i].text);
	free(code->instructions);
	*code = (struct code){ .nr = 0 };
}
