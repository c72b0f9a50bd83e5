/*
 * The instructions of the functions that samples fell into, and which of them are atomic.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_PROFILE_CODE_H
#define HARNESS_PROFILE_CODE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct profile_instruction {
	uint64_t address;	/* in the object's file */
	char *text;		/* as objdump writes it, blanks made single */
	bool atomic;
	bool waits;		/* reads memory, atomically or not: it may have to wait for a line */
	bool target;		/* of some jump of the listing */
	uint64_t jumps_to;	/* 0: nowhere that is known */
};

struct code {
	struct profile_instruction *instructions;	/* by rising address */
	unsigned nr, room;
};

/*
 * Adds the listing of `objdump -d --no-show-raw-insn`. Returns 0 or -ENOMEM; lines that are no
 * instruction are passed over. Pointers into code->instructions are then stale.
 */
int code_read(struct code *code, FILE *listing);

/* Marks the targets of jumps; when all is read, before code_find(). */
void code_link(struct code *code);

/* NULL where no instruction begins there. */
const struct profile_instruction *code_find(const struct code *code, uint64_t address);

/*
 * To which instruction a sample at this one belongs, where the address of a sample is that of the
 * instruction to come next: an interrupt waits until the instruction under way has ended. One that waits
 * for its line is under way all that time, so that the samples of its wait show the address after it.
 * Where the one before may have waited, and only it leads here, they are its own. All others are left
 * where they are.
 */
const struct profile_instruction *code_before(const struct code *code,
					      const struct profile_instruction *at);

/*
 * Whether an instruction reads and writes memory as one: on x86 with a lock prefix, or xchg with memory;
 * on arm64 LSE's and the exclusive loads and stores; on riscv amo, lr and sc.
 */
bool code_is_atomic(const char *text);

/* Whether it reads memory. */
bool code_reads(const char *text);

void code_free(struct code *code);

#endif
