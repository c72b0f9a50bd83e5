/*
 * Tests of harness/profile_code.c, on listings of three processors.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/profile_code.h"

/* Of gcc's getput+refcount. */
static const char x86[] =
	"\n0000000000000340 <getput_run>:\n"
	" 3c0:\ttest   %eax,%eax\n"
	" 3c2:\tjle    3c8 <getput_run+0x88>\n"
	" 3c8:\tadd    $0x1,%r12\n"
	" 3cc:\tcmp    %r12,%r13\n"
	" 3cf:\tje     4cf <getput_run+0x18f>\n"
	" 3d5:\tmov    $0x1,%eax\n"
	" 3da:\tlock xadd %eax,0x0(%rbp)\n"
	" 3df:\ttest   %eax,%eax\n"
	" 3e1:\tje     3e7 <getput_run+0xa7>\n"
	" 3f2:\tmov    $0xffffffff,%eax\n"
	" 3f7:\tlock xadd %eax,0x0(%rbp)\n"
	" 3fc:\tcmp    $0x1,%eax\n"
	" 3ff:\tjne    3c0 <getput_run+0x80>\n"
	" 401:\tmov    0xc952b(%rip),%edi        # 3d5 <urcu_memb_has_sys_membarrier@@Base>\n"
	" 407:\tjmp    *0x2(%rip)        # 3d5 <urcu_memb_has_sys_membarrier@@Base>\n";

static const char lse[] =
	"  14:\tmov\tw6, #0x1                   \t// #1\n"
	"  18:\tldadd\tw6, w1, [x2]\n"
	"  1c:\tldar\tw1, [x2]\n"
	"  20:\tsub\tw5, w1, #0x1\n"
	"  24:\tmov\tw3, w1\n"
	"  28:\tcasal\tw3, w5, [x2]\n"
	"  2c:\tcmp\tw3, w1\n"
	"  30:\tmov\tw1, w3\n"
	"  34:\tb.ne\t20 <f+0x20>  // b.any\n"
	"  38:\tswpal\tw3, w1, [x2]\n"
	"  3c:\tsub\tw4, w4, #0x1\n"
	"  40:\tret\n";

static const char llsc[] =
	"  18:\tldxr\tw2, [x1]\n"
	"  1c:\tadd\tw2, w2, #0x1\n"
	"  20:\tstxr\tw4, w2, [x1]\n"
	"  24:\tcbnz\tw4, 18 <f+0x18>\n"
	"  28:\tldar\tw2, [x1]\n";

static void read_text(struct code *code, const char *text)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");

	assert_non_null(file);
	*code = (struct code){ .nr = 0 };
	assert_int_equal(code_read(code, file), 0);
	fclose(file);
	code_link(code);
}

/* Where samples of that address count. */
static uint64_t counts_for(const struct code *code, uint64_t address)
{
	const struct profile_instruction *at = code_find(code, address);

	assert_non_null(at);
	return code_before(code, at)->address;
}

static void test_atomic_instructions(void **state)
{
	static const char *const atomic[] = {
		"lock xadd %eax,0x0(%rbp)", "lock cmpxchg %edx,(%rdi)", "xchg %eax,(%rdi)",
		"xacquire lock orl $0x0,(%rsp)", "xchg %rax,0x10(%rip) # 50 <x>",
		"ldadd w6, w1, [x2]", "ldaddal x6, x1, [x2]", "casal w3, w5, [x2]", "cas w0, w1, [x2]",
		"casp x0, x1, x2, x3, [x4]", "swpal w3, w1, [x2]", "ldxr w2, [x1]", "stxr w4, w2, [x1]",
		"ldaxr w4, [x1]", "stlxr w6, w5, [x1]", "stadd w0, [x1]",
		"lr.w.aq a3,(a5)", "sc.w.aq t1,a1,(a5)", "amoswap.w.aq a3,a3,(a5)", "amoadd.w a0,a1,(a2)",
	};
	static const char *const others[] = {
		"xchg %ax,%ax", "mov (%rdx),%eax", "ldar w2, [x1]", "ldr w0, [x1]", "str w0, [x1]",
		"add w2, w2, #0x1", "lw a0,0(a1)", "block", "cmpxchg %edx,(%rdi)",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(atomic) / sizeof(*atomic); i++)
		if (!code_is_atomic(atomic[i]))
			fail_msg("%s", atomic[i]);
	for (unsigned i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (code_is_atomic(others[i]))
			fail_msg("%s", others[i]);
}

static void test_what_reads_memory(void **state)
{
	static const char *const reads[] = {
		"mov (%rdx),%eax", "mov -0x10(%r11),%eax", "mov %fs:0x0(%rbp),%rax", "cmp $0x1,(%rdi)",
		"add %rax,(%rdx)", "mov 0x8(%rip),%edi # 10 <x>", "movzbl (%rax,%rbx,8),%ecx",
		"ldr w0, [x1]", "ldar w1, [x2]", "lw a0,0(a1)", "ld a0,0(a1)",
	};
	static const char *const others[] = {
		"mov %eax,(%rdx)", "movl $0x0,0x8(%rip) # 10 <x>", "lea -0x10(%r11),%rdi", "nopl 0x0(%rax)",
		"data16 cs nopw 0x0(%rax,%rax,1)", "prefetcht0 (%rax)", "test %eax,%eax", "str w0, [x1]",
		"sub w5, w1, #0x1", "li a0,0", "jmp *(%rax)",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(reads) / sizeof(*reads); i++)
		if (!code_reads(reads[i]))
			fail_msg("%s", reads[i]);
	for (unsigned i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (code_reads(others[i]))
			fail_msg("%s", others[i]);
}

static void test_late_samples_of_x86(void **state)
{
	struct code code;

	(void)state;
	read_text(&code, x86);
	assert_string_equal(code_find(&code, 0x3da)->text, "lock xadd %eax,0x0(%rbp)");
	assert_null(code_find(&code, 0x3db));
	assert_int_equal(counts_for(&code, 0x3df), 0x3da);
	assert_int_equal(counts_for(&code, 0x3fc), 0x3f7);
	/* Before the atomic one nothing waits: it has what fell on it. */
	assert_int_equal(counts_for(&code, 0x3da), 0x3da);
	assert_int_equal(counts_for(&code, 0x3c8), 0x3c8);
	assert_int_equal(counts_for(&code, 0x407), 0x401);
	/* The first has none before it. */
	assert_int_equal(counts_for(&code, 0x3c0), 0x3c0);
	code_free(&code);
}

static void test_where_a_jump_leads_nothing_moves(void **state)
{
	struct code code;

	(void)state;
	/* The top of a loop right after a load: samples may come from the jump as well. */
	read_text(&code, " 10:\tmov    (%rdx),%eax\n 12:\tadd    $0x1,%eax\n"
		  " 15:\tlock cmpxchg %edi,(%rdx)\n 19:\tjne    12 <f+0x2>\n");
	assert_int_equal(counts_for(&code, 0x12), 0x12);
	assert_int_equal(counts_for(&code, 0x19), 0x15);
	code_free(&code);
	read_text(&code, " 10:\tjmp    30 <f>\n 12:\tadd    $0x1,%eax\n");
	assert_int_equal(counts_for(&code, 0x12), 0x12);
	code_free(&code);
	/* A gap: another function. */
	read_text(&code, " 10:\tlock incl (%rdx)\n 80:\tadd    $0x1,%eax\n");
	assert_int_equal(counts_for(&code, 0x80), 0x80);
	code_free(&code);
}

static void test_late_samples_of_arm64(void **state)
{
	struct code code;

	(void)state;
	read_text(&code, lse);
	assert_true(code_find(&code, 0x18)->atomic);
	assert_int_equal(counts_for(&code, 0x1c), 0x18);
	assert_int_equal(counts_for(&code, 0x2c), 0x28);
	assert_int_equal(counts_for(&code, 0x3c), 0x38);
	/* Where the loop begins. */
	assert_true(code_find(&code, 0x20)->target);
	assert_int_equal(counts_for(&code, 0x20), 0x20);
	code_free(&code);
	read_text(&code, llsc);
	assert_true(code_find(&code, 0x18)->target);
	assert_int_equal(counts_for(&code, 0x1c), 0x18);
	assert_int_equal(counts_for(&code, 0x24), 0x20);
	code_free(&code);
}

static void test_addresses_of_data_are_no_targets(void **state)
{
	struct code code;

	(void)state;
	read_text(&code, x86);
	assert_false(code_find(&code, 0x3d5)->target);
	assert_true(code_find(&code, 0x3c0)->target);
	code_free(&code);
	read_text(&code, "  8:\tldr\tw2, [x1]\n  c:\tadrp\tx2, 10 <f>\n 10:\tbl\tc <f+0xc>\n");
	assert_false(code_find(&code, 0x10)->target);
	assert_false(code_find(&code, 0xc)->target);
	code_free(&code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_atomic_instructions),
		cmocka_unit_test(test_what_reads_memory),
		cmocka_unit_test(test_late_samples_of_x86),
		cmocka_unit_test(test_where_a_jump_leads_nothing_moves),
		cmocka_unit_test(test_late_samples_of_arm64),
		cmocka_unit_test(test_addresses_of_data_are_no_targets),
	};

	return cmocka_run_group_tests_name("profile_code", tests, NULL, NULL);
}
