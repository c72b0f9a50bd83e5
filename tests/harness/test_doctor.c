/*
 * Tests of harness/doctor*.c: machines that are good, bad, silent and odd, as trees of files.
 *
 * SPDX-License-Identifier: MIT
 */
#include "harness/doctor.h"
#include "tests/harness/scratch.h"

static struct doctor doctor;
static struct cputime before;

/* A file of the tree, with the folders above it. */
static void put(const char *name, const char *text)
{
	char path[512];

	snprintf(path, sizeof(path), "%s", scratch_path(name));
	for (char *at = path + strlen(scratch) + 1; (at = strchr(at, '/')); *at++ = '/') {
		*at = '\0';
		mkdir(path, 0755);
	}
	scratch_write(name, text);
}

#define CPU "sys/devices/system/cpu/"
#define CLOCK "sys/devices/system/clocksource/clocksource0/"
#define THP "sys/kernel/mm/transparent_hugepage/enabled"
#define STAT(busy, idle, steal) "cpu  0 0 0 0 0 0 0 0 0 0\n"			\
	"cpu0 " busy " 0 0 " idle " 0 0 0 " steal " 0 0\n"			\
	"cpu1 0 0 0 1000 0 0 0 0 0 0\nintr 0\n"

/* Of 2000 ticks in all. */
static const struct cputime earlier = { .total = 10000, .busy = 100, .steal = 0, .cpus = 2 };

static int open_good(void **state)
{
	if (scratch_open(state))
		return -1;
	before = earlier;
	put(CPU "cpu0/cpufreq/scaling_governor", "performance\n");
	put(CPU "cpu1/cpufreq/scaling_governor", "performance\n");
	put(CPU "cpufreq/boost", "0\n");
	put(CPU "cpu0/thermal_throttle/core_throttle_count", "0\n");
	put(CPU "cpu1/thermal_throttle/core_throttle_count", "0\n");
	put(CPU "smt/active", "0\n");
	put(CPU "isolated", "1\n");
	put(CPU "nohz_full", "1\n");
	put("proc/loadavg", "0.05 0.5 0.5 1/200 4242\n");
	put("proc/stat", STAT("101", "10998", "0"));
	put("proc/self/cgroup", "0::/user.slice/mine.scope\n");
	put("sys/fs/cgroup/cgroup.procs", "");
	put("sys/fs/cgroup/user.slice/cpu.max", "max 100000\n");
	put(CLOCK "current_clocksource", "tsc\n");
	put(CLOCK "available_clocksource", "tsc hpet acpi_pm \n");
	put("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu constant_tsc nonstop_tsc\n");
	put(THP, "always [madvise] never\n");
	put("proc/sys/kernel/randomize_va_space", "2\n");
	put(CPU "vulnerabilities/l1tf", "Not affected\n");
	put(CPU "vulnerabilities/srbds", "Vulnerable: No microcode\n");
	put("proc/sys/kernel/perf_event_paranoid", "1\n");
	put("proc/self/status", "Name:\tx\nCapEff:\t0000000000000000\n");
	return 0;
}

static const struct doctor_item *examine(const char *name)
{
	doctor_examine(&doctor, scratch, &before);
	for (unsigned i = 0; i < doctor.nr; i++)
		if (!strcmp(doctor.items[i].name, name))
			return &doctor.items[i];
	fail_msg("no item %s", name);
	return NULL;
}

/* remedy: a part of it; NULL: none. */
static void assert_item(const char *name, enum doctor_mark mark, const char *value,
			const char *remedy)
{
	const struct doctor_item *item = examine(name);

	if (item->mark != mark || strcmp(item->value, value) ||
	    (remedy ? !strstr(item->remedy, remedy) : *item->remedy))
		fail_msg("%s: %s \"%s\", remedy \"%s\"", name, doctor_mark_name(item->mark),
			 item->value, item->remedy);
	assert_true(strlen(item->effect) > 20);
}

#define GOOD(name, value) assert_item(name, DOCTOR_GOOD, value, NULL)
#define UNKNOWN(name, value) assert_item(name, DOCTOR_UNKNOWN, value, NULL)
#define MATTERS(name, value, remedy) assert_item(name, DOCTOR_MATTERS, value, remedy)

static void test_good_machine(void **state)
{
	(void)state;
	GOOD("governor", "performance");
	GOOD("turbo", "off");
	GOOD("throttling", "none since boot");
	GOOD("SMT", "off");
	GOOD("isolated cpus", "1, without ticks 1");
	GOOD("load", "0.00 of 2 processors just now, 0.05 in the last minute");
	GOOD("steal", "0.00% since boot, 0.0% just now");
	GOOD("CPU quota", "none seen");
	GOOD("clock source", "tsc");
	GOOD("invariant TSC", "constant_tsc, nonstop_tsc");
	GOOD("huge pages", "madvise");
	GOOD("ASLR", "on (2)");
	GOOD("mitigations", "none on");
	GOOD("perf counters", "perf_event_paranoid is 1");
	assert_int_equal(doctor.nr, 14);
}

static void test_bad_machine(void **state)
{
	(void)state;
	put(CPU "cpu1/cpufreq/scaling_governor", "powersave\n");
	put(CPU "cpufreq/boost", "1\n");
	put(CPU "cpu1/thermal_throttle/core_throttle_count", "17\n");
	put(CPU "smt/active", "1\n");
	put(CPU "isolated", "\n");
	put("proc/stat", STAT("1100", "9980", "20"));
	put("sys/fs/cgroup/user.slice/cpu.max", "150000 100000\n");
	put(CLOCK "current_clocksource", "hpet\n");
	put("proc/cpuinfo", "flags\t: fpu constant_tsc nonstop_tsc_not\n");
	put(THP, "[always] madvise never\n");
	put("proc/sys/kernel/randomize_va_space", "0\n");
	put(CPU "vulnerabilities/meltdown", "Mitigation: PTI\n");
	put(CPU "vulnerabilities/itlb_multihit", "KVM: Mitigation: VMX disabled\n");
	put("proc/sys/kernel/perf_event_paranoid", "4\n");
	MATTERS("governor", "powersave on 1 of 2 processors", "cpupower frequency-set -g performance");
	MATTERS("turbo", "on", "echo 0 | sudo tee /" CPU "cpufreq/boost");
	MATTERS("throttling", "a core up to 17 times since boot", "cpupower");
	MATTERS("SMT", "on", "echo off | sudo tee /" CPU "smt/control");
	MATTERS("isolated cpus", "none", "isolcpus=LIST");
	MATTERS("load", "0.95 of 2 processors just now, 0.05 in the last minute", "top");
	MATTERS("steal", "0.17% since boot, 1.0% just now", "no other guest");
	MATTERS("CPU quota", "1.50 processors", "echo max | sudo tee /sys/fs/cgroup/user.slice/cpu.max");
	MATTERS("clock source", "hpet", "echo tsc | sudo tee /" CLOCK "current_clocksource");
	MATTERS("invariant TSC", "not among the processor's flags", NULL);
	MATTERS("huge pages", "always", "echo madvise | sudo tee /" THP);
	MATTERS("ASLR", "off", "kernel.randomize_va_space=2");
	MATTERS("mitigations", "2 on: itlb_multihit, meltdown", "mitigations=off");
	MATTERS("perf counters", "perf_event_paranoid is 4", "kernel.perf_event_paranoid=1");
}

/* Nothing to read is never good, nor bad. */
static void test_silent_machine(void **state)
{
	(void)state;
	doctor_examine(&doctor, scratch_path("nowhere"), &before);
	assert_true(doctor.nr > 0);
	for (unsigned i = 0; i < doctor.nr; i++) {
		assert_int_equal(doctor.items[i].mark, DOCTOR_UNKNOWN);
		assert_string_equal(doctor.items[i].value, "not readable here");
		assert_string_equal(doctor.items[i].remedy, "");
	}
	doctor_examine(&doctor, scratch_path("nowhere"), NULL);
	for (unsigned i = 0; i < doctor.nr; i++)
		assert_int_equal(doctor.items[i].mark, DOCTOR_UNKNOWN);
}

/* The files that one item reads; the same text in all of them. */
static const struct {
	const char *item, *files[2];
} files[] = {
	{ "turbo", { CPU "cpufreq/boost" } },
	{ "throttling", { CPU "cpu1/thermal_throttle/core_throttle_count" } },
	{ "SMT", { CPU "smt/active" } },
	{ "load", { "proc/loadavg" } },
	{ "CPU quota", { "sys/fs/cgroup/user.slice/cpu.max" } },
	{ "clock source", { CLOCK "current_clocksource" } },
	{ "huge pages", { THP } },
	{ "ASLR", { "proc/sys/kernel/randomize_va_space" } },
	{ "perf counters", { "proc/sys/kernel/perf_event_paranoid" } },
};

static void test_odd_contents(void **state)
{
	static const char *const texts[] = {
		"99999999999999999999999", "-", "0x1", "\x01\xff\n", "\n", "[", "inf 1 2", "2x\n",
		"nonsense that goes on and on and on and on and on and on and on and on and on",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		for (size_t t = 0; t < sizeof(texts) / sizeof(*texts); t++) {
			const struct doctor_item *item;

			put(files[i].files[0], texts[t]);
			item = examine(files[i].item);
			if (item->mark != DOCTOR_UNKNOWN ||
			    !strstr(item->value, "is not understood"))
				fail_msg("%s takes \"%s\" for %s: %s", item->name, texts[t],
					 doctor_mark_name(item->mark), item->value);
			for (const char *at = item->value; *at; at++)
				assert_true(*at >= ' ' && *at <= '~');
		}
}

/* Empty files say nothing, whatever they should hold. */
static void test_empty_files(void **state)
{
	static const char *const more[] = {
		CPU "cpu0/cpufreq/scaling_governor", CPU "cpu1/cpufreq/scaling_governor",
		CPU "cpu0/thermal_throttle/core_throttle_count", CPU "isolated", "proc/stat",
		"proc/cpuinfo",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		put(files[i].files[0], "");
	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
		put(more[i], "");
	doctor_examine(&doctor, scratch, &before);
	for (unsigned i = 0; i < doctor.nr; i++)
		if (doctor.items[i].mark != DOCTOR_UNKNOWN &&
		    strcmp(doctor.items[i].name, "CPU quota") &&
		    strcmp(doctor.items[i].name, "mitigations"))
			fail_msg("%s: %s", doctor.items[i].name, doctor.items[i].value);
}

static void test_no_newline(void **state)
{
	(void)state;
	put(CPU "cpufreq/boost", "1");
	put("proc/sys/kernel/perf_event_paranoid", "-1");
	put(THP, "always madvise [never]");
	put("proc/cpuinfo", "flags: nonstop_tsc constant_tsc");
	MATTERS("turbo", "on", "boost");
	GOOD("perf counters", "perf_event_paranoid is -1");
	GOOD("huge pages", "never");
	GOOD("invariant TSC", "constant_tsc, nonstop_tsc");
}

static void test_turbo_of_intel(void **state)
{
	(void)state;
	put(CPU "intel_pstate/no_turbo", "0\n");
	MATTERS("turbo", "on", "echo 1 | sudo tee /" CPU "intel_pstate/no_turbo");
	put(CPU "intel_pstate/no_turbo", "1\n");
	put(CPU "cpufreq/boost", "1\n");
	GOOD("turbo", "off");
}

static void test_isolated(void **state)
{
	(void)state;
	put(CPU "nohz_full", "(null)\n");
	MATTERS("isolated cpus", "1, all with ticks", "nohz_full=LIST");
	unlink(scratch_path(CPU "nohz_full"));
	MATTERS("isolated cpus", "1, all with ticks", "nohz_full=LIST");
	put(CPU "isolated", "(null)\n");
	MATTERS("isolated cpus", "none", "isolcpus=LIST");
}

static void test_load(void **state)
{
	(void)state;
	/* What has just ended is in the minute's load alone. */
	put("proc/loadavg", "7.25 0.5 0.5 1/200 4242\n");
	GOOD("load", "0.00 of 2 processors just now, 7.25 in the last minute");
	before.cpus = 3;	/* one went offline meanwhile */
	MATTERS("load", "7.25 in the last minute", "top");
	before.cpus = 2;
	before.total = 12099;	/* not a tick has passed */
	MATTERS("load", "7.25 in the last minute", "top");
}

static void test_steal(void **state)
{
	(void)state;
	put("proc/stat", STAT("100", "10999", "1"));
	MATTERS("steal", "0.01% since boot, 0.0% just now", "no other guest");
	before.steal = 1;
	GOOD("steal", "0.01% since boot, 0.0% just now");
	/* A hypervisor's silence says nothing. */
	put("proc/stat", STAT("100", "11000", "0"));
	put("proc/cpuinfo", "flags\t: fpu hypervisor\n");
	UNKNOWN("steal", "none told, as a hypervisor need not tell");
	put("proc/stat", "cpu0 1 2 3 4\n");
	UNKNOWN("steal", "not readable here");
}

static void test_quota(void **state)
{
	(void)state;
	/* The tightest level counts, the mount's own included. */
	put("sys/fs/cgroup/cpu.max", "50000 100000\n");
	put("sys/fs/cgroup/user.slice/mine.scope/cpu.max", "150000 100000\n");
	MATTERS("CPU quota", "0.50 processors", "tee /sys/fs/cgroup/cpu.max");
	put("sys/fs/cgroup/cpu.max", "200000 100000\n");
	MATTERS("CPU quota", "1.50 processors", "tee /sys/fs/cgroup/user.slice/mine.scope/cpu.max");
	put("sys/fs/cgroup/user.slice/mine.scope/cpu.max", "max 100000\n");
	GOOD("CPU quota", "2.00 processors");	/* there are no more */
	put("sys/fs/cgroup/cpu.max", "100000 0\n");
	UNKNOWN("CPU quota", "\"100000 0\" is not understood");
	unlink(scratch_path("sys/fs/cgroup/cgroup.procs"));
	UNKNOWN("CPU quota", "not readable here");
	put("proc/self/cgroup", "");
	UNKNOWN("CPU quota", "not readable here");
}

static void test_quota_of_v1(void **state)
{
	(void)state;
	unlink(scratch_path("sys/fs/cgroup/cgroup.procs"));
	put("proc/self/cgroup", "9:cpuset:/\n4:cpuacct,cpu:/box/in\n1:name=systemd:/x\n0::/x\n");
	put("sys/fs/cgroup/cpu/cgroup.procs", "1\n");
	put("sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "50000\n");
	put("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "-1\n");
	GOOD("CPU quota", "none seen");
	put("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "25000\n");
	MATTERS("CPU quota", "0.50 processors",
		"echo -1 | sudo tee /sys/fs/cgroup/cpu/box/cpu.cfs_quota_us");
	put("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "99999999999999999999\n");
	UNKNOWN("CPU quota", "\"99999999999999999999\" is not understood");
	/* As far as a container sees: its own group is the mount's. */
	put("proc/self/cgroup", "4:cpu,cpuacct:/docker/4242/in\n");
	put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
	put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "100000\n");
	MATTERS("CPU quota", "1.00 processors", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
}

static void test_clock(void **state)
{
	(void)state;
	put(CLOCK "available_clocksource", "hpet acpi_pm \n");
	put(CLOCK "current_clocksource", "acpi_pm\n");
	MATTERS("clock source", "acpi_pm", NULL);
	put(CLOCK "current_clocksource", "arch_sys_counter\n");
	GOOD("clock source", "arch_sys_counter");
	put("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd\n");
	GOOD("invariant TSC", "arm64's counter is invariant by its architecture");
	put(CLOCK "current_clocksource", "tsc\n");
	UNKNOWN("invariant TSC", "not readable here");
}

static void test_many_mitigations(void **state)
{
	char name[80];

	(void)state;
	for (int letter = 'a'; letter <= 'p'; letter++) {
		snprintf(name, sizeof(name), CPU "vulnerabilities/%c_some_attack", letter);
		put(name, "Mitigation: Fences\n");
	}
	put(CPU "vulnerabilities/z", "Mitigation: Fences\n");
	MATTERS("mitigations", "17 on: a_some_attack, b_some_attack, c_some_attack, d_some_attack, "
		"...",
		"mitigations=off");
}

static void test_who_may_count(void **state)
{
	(void)state;
	put("proc/sys/kernel/perf_event_paranoid", "2\n");
	MATTERS("perf counters", "perf_event_paranoid is 2", "sysctl");
	put("proc/sys/kernel/perf_event_paranoid", "3\n");
	put("proc/self/status", "CapEff:\t0000004000000000\n");
	GOOD("perf counters", "perf_event_paranoid is 3, but this user may count");
	put("proc/self/status", "CapEff:\t0000000000200000\n");
	GOOD("perf counters", "perf_event_paranoid is 3, but this user may count");
	put("proc/self/status", "CapEff:\t000001bfffdfffff\n");	/* all but these two */
	MATTERS("perf counters", "perf_event_paranoid is 3", "sysctl");
	unlink(scratch_path("proc/self/status"));
	MATTERS("perf counters", "perf_event_paranoid is 3", "sysctl");
}

/* Every item with its mark, value, effect and remedy, in a terminal's width. */
static void test_print(void **state)
{
	char *text, *rest;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	put(CPU "smt/active", "1\n");
	unlink(scratch_path(THP));
	doctor_examine(&doctor, scratch, &before);
	doctor_print(&doctor, out);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(text, "\nSMT             MATTERS  on\n"));
	assert_non_null(strstr(text, "\nhuge pages      unknown  not readable here\n"));
	assert_non_null(strstr(text, "remedy: echo off | sudo tee /" CPU "smt/control\n"));
	assert_non_null(strstr(text, "\n1 of 14 matter here; of 1 nothing can be said.\n"));
	for (unsigned i = 0; i < doctor.nr; i++) {
		assert_non_null(strstr(text, doctor.items[i].name));
		assert_non_null(strstr(text, doctor.items[i].value));
	}
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (strlen(line) > 100)
			fail_msg("%zu columns: %s", strlen(line), line);
	free(text);
}

static void test_this_machine(void **state)
{
	(void)state;
	doctor_here(&doctor);
	assert_int_equal(doctor.nr, 14);
	for (unsigned i = 0; i < doctor.nr; i++) {
		assert_true(*doctor.items[i].value);
		assert_null(strchr(doctor.items[i].value, '\n'));
	}
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, open_good, scratch_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_good_machine),
		IN_TREE(test_bad_machine),
		IN_TREE(test_silent_machine),
		IN_TREE(test_odd_contents),
		IN_TREE(test_empty_files),
		IN_TREE(test_no_newline),
		IN_TREE(test_turbo_of_intel),
		IN_TREE(test_isolated),
		IN_TREE(test_load),
		IN_TREE(test_steal),
		IN_TREE(test_quota),
		IN_TREE(test_quota_of_v1),
		IN_TREE(test_clock),
		IN_TREE(test_many_mitigations),
		IN_TREE(test_who_may_count),
		IN_TREE(test_print),
		cmocka_unit_test(test_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
