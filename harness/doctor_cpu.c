/*
 * The doctor's items on the processors and their clock.
 *
 * SPDX-License-Identifier: MIT
 */
#include "doctor_internal.h"

#include <stdlib.h>
#include <string.h>

#define CPU "/sys/devices/system/cpu"
#define CLOCK "/sys/devices/system/clocksource/clocksource0"

/* Of one processor's folder. */
static bool cpu_line(const struct doctor_scene *scene, unsigned cpu, const char *name, char *line,
		     size_t size)
{
	char path[128];

	snprintf(path, sizeof(path), CPU "/cpu%u/%s", cpu, name);
	return doctor_line(scene->root, path, line, size);
}

void doctor_check_governor(const struct doctor_scene *scene, struct doctor_item *item)
{
	DIR *directory = doctor_cpus(scene->root);
	unsigned cpu, nr = 0, nr_others = 0;
	char line[32], other[32] = "";

	while (directory && doctor_next_cpu(directory, &cpu)) {
		if (!cpu_line(scene, cpu, "cpufreq/scaling_governor", line, sizeof(line)))
			continue;
		nr++;
		if (!strcmp(line, "performance"))
			continue;
		nr_others++;
		strcpy(other, line);
	}
	if (directory)
		closedir(directory);
	if (nr_others) {
		doctor_say(item, DOCTOR_MATTERS, "%s on %u of %u processors",
			   *other ? other : "none", nr_others, nr);
		doctor_remedy(item, "sudo cpupower frequency-set -g performance");
	} else if (nr) {
		doctor_say(item, DOCTOR_GOOD, "performance");
	}
}

/* A file that holds 0 or 1. false: not there; something else in it is told. */
static bool read_switch(const struct doctor_scene *scene, const char *path,
			struct doctor_item *item, bool *on)
{
	char line[64];
	long long value;

	if (!doctor_line(scene->root, path, line, sizeof(line)))
		return false;
	if (!doctor_number(line, &value) || value < 0 || value > 1) {
		doctor_odd(item, line);
		return false;
	}
	*on = value;
	return true;
}

void doctor_check_turbo(const struct doctor_scene *scene, struct doctor_item *item)
{
	static const char no_turbo[] = CPU "/intel_pstate/no_turbo", boost[] = CPU "/cpufreq/boost";
	bool on = false;

	if (read_switch(scene, no_turbo, item, &on)) {
		on = !on;
		if (on)
			doctor_remedy(item, "echo 1 | sudo tee %s", no_turbo);
	} else if (read_switch(scene, boost, item, &on)) {
		if (on)
			doctor_remedy(item, "echo 0 | sudo tee %s", boost);
	} else {
		return;
	}
	doctor_say(item, on ? DOCTOR_MATTERS : DOCTOR_GOOD, on ? "on" : "off");
}

void doctor_check_smt(const struct doctor_scene *scene, struct doctor_item *item)
{
	bool on;

	if (!read_switch(scene, CPU "/smt/active", item, &on))
		return;
	doctor_say(item, on ? DOCTOR_MATTERS : DOCTOR_GOOD, on ? "on" : "off");
	if (on)
		doctor_remedy(item, "echo off | sudo tee " CPU "/smt/control");
}

/* A list of processors; "(null)" is how some kernels write that there are none. */
static bool read_list(const struct doctor_scene *scene, const char *path, char *line, size_t size)
{
	if (!doctor_line(scene->root, path, line, size))
		return false;
	if (strspn(line, "0123456789-,") != strlen(line))
		*line = '\0';
	return true;
}

void doctor_check_isolated(const struct doctor_scene *scene, struct doctor_item *item)
{
	char isolated[32], tickless[32];
	const bool known = read_list(scene, CPU "/isolated", isolated, sizeof(isolated));

	if (!read_list(scene, CPU "/nohz_full", tickless, sizeof(tickless)))
		*tickless = '\0';
	if (!known)
		return;
	if (*isolated && *tickless) {
		doctor_say(item, DOCTOR_GOOD, "%s, without ticks %s", isolated, tickless);
		return;
	}
	doctor_say(item, DOCTOR_MATTERS, *isolated ? "%s, all with ticks" : "%snone", isolated);
	doctor_remedy(item, "boot with isolcpus=LIST nohz_full=LIST; taskset -c LIST ./run.sh");
}

/* Whether the word stands in a text of words parted by blanks. */
static bool has_word(const char *text, const char *word)
{
	const size_t length = strlen(word);

	for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
		const size_t next = strcspn(text, " \t");

		if (next == length && !strncmp(text, word, length))
			return true;
		text += next;
	}
	return false;
}

/* Read in user space, and those that are a system call away. */
static const char fast_clocks[] = "tsc kvm-clock hyperv_clocksource_tsc_page xen arch_sys_counter "
	"riscv_clocksource timebase tod";
static const char slow_clocks[] = "hpet acpi_pm jiffies refined-jiffies pit hyperv_clocksource_msr";

void doctor_check_clock(const struct doctor_scene *scene, struct doctor_item *item)
{
	char line[64], available[256];

	if (!doctor_line(scene->root, CLOCK "/current_clocksource", line, sizeof(line)))
		return;
	if (has_word(fast_clocks, line)) {
		doctor_say(item, DOCTOR_GOOD, "%s", line);
		return;
	}
	if (!has_word(slow_clocks, line)) {
		doctor_odd(item, line);
		return;
	}
	doctor_say(item, DOCTOR_MATTERS, "%s", line);
	if (doctor_line(scene->root, CLOCK "/available_clocksource", available,
			sizeof(available)) && has_word(available, "tsc"))
		doctor_remedy(item, "echo tsc | sudo tee " CLOCK "/current_clocksource");
}

void doctor_check_tsc(const struct doctor_scene *scene, struct doctor_item *item)
{
	char *flags = doctor_field(scene->root, "/proc/cpuinfo", "flags"), clock[32];

	if (flags && has_word(flags, "constant_tsc") && has_word(flags, "nonstop_tsc"))
		doctor_say(item, DOCTOR_GOOD, "constant_tsc, nonstop_tsc");
	else if (flags)
		doctor_say(item, DOCTOR_MATTERS, "not among the processor's flags");
	else if (doctor_line(scene->root, CLOCK "/current_clocksource", clock, sizeof(clock)) &&
		 !strcmp(clock, "arch_sys_counter"))
		doctor_say(item, DOCTOR_GOOD, "arm64's counter is invariant by its architecture");
	free(flags);
}

void doctor_check_throttling(const struct doctor_scene *scene, struct doctor_item *item)
{
	DIR *directory = doctor_cpus(scene->root);
	long long count, most = -1;
	unsigned cpu;
	char line[64];

	while (directory && doctor_next_cpu(directory, &cpu)) {
		if (!cpu_line(scene, cpu, "thermal_throttle/core_throttle_count", line,
			      sizeof(line)))
			continue;
		if (!doctor_number(line, &count) || count < 0) {
			doctor_odd(item, line);
			most = -1;
			break;
		}
		most = count > most ? count : most;
	}
	if (directory)
		closedir(directory);
	if (most > 0)
		doctor_say(item, DOCTOR_MATTERS, "a core up to %lld times since boot", most);
	else if (!most)
		doctor_say(item, DOCTOR_GOOD, "none since boot");
	if (most > 0)
		doctor_remedy(item, "cool it, or lower the highest frequency: "
			      "sudo cpupower frequency-set -u FREQUENCY");
}
