/*
 * Opens what is to be counted once, to see what there is, and groups it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "count_plan.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void count_plan_init(struct count_plan *plan)
{
	static const struct event events[COUNTER_FIRST_OF_PROCESSOR] = {
		[COUNTER_CYCLES] = { .type = PERF_TYPE_HARDWARE,
				     .config = PERF_COUNT_HW_CPU_CYCLES },
		[COUNTER_INSTRUCTIONS] = { .type = PERF_TYPE_HARDWARE,
					   .config = PERF_COUNT_HW_INSTRUCTIONS },
		[COUNTER_CACHE_MISSES] = { .type = PERF_TYPE_HARDWARE,
					   .config = PERF_COUNT_HW_CACHE_MISSES },
		[COUNTER_SWITCHES] = { .type = PERF_TYPE_SOFTWARE,
				       .config = PERF_COUNT_SW_CONTEXT_SWITCHES },
		[COUNTER_MIGRATIONS] = { .type = PERF_TYPE_SOFTWARE,
					 .config = PERF_COUNT_SW_CPU_MIGRATIONS },
	};

	memset(plan, 0, sizeof(*plan));
	memcpy(plan->events, events, sizeof(events));
	plan->nr = NR_COUNTERS;
	for (unsigned i = 0; i < NR_COUNTERS; i++)
		plan->names[i] = counter_name(i);
	for (unsigned i = COUNTER_FIRST_OF_PROCESSOR; i < NR_COUNTERS; i++)
		strcpy(plan->absences[i], "not looked for");
}

/*
 * A file descriptor or -errno. Hardware events fall back to user mode where the kernel allows no
 * more; a context switch happens in the kernel, so that the software ones would then count nothing.
 */
static int event_try(struct count_plan *plan, unsigned counter, int leader)
{
	struct event *event = &plan->events[counter];
	int fd;

	if (plan->fatal)
		return -EPERM;
	fd = event_open(event, leader, true);
	if ((fd != -EACCES && fd != -EPERM) || counter_is_software(counter) || event->exclude_user ||
	    event->exclude_kernel)
		return fd;
	event->exclude_kernel = true;
	fd = event_open(event, leader, true);
	event->exclude_kernel = fd >= 0;
	plan->user_mode |= fd >= 0;
	return fd;
}

void count_plan_look(struct count_plan *plan, struct count_scene *scene)
{
	int fd;

	plan->fatal = count_is_fatal();
	fd = event_try(plan, COUNTER_CYCLES, -1);
	count_scene_here(scene, fd < 0 ? -fd : 0);
	scene->fatal = plan->fatal;
	if (fd >= 0)
		close(fd);
}

static void event_probe(struct count_plan *plan, unsigned counter, const struct count_scene *scene)
{
	const int fd = event_try(plan, counter, -1);

	if (fd < 0)
		count_absence(scene, plan->events[counter].type == PERF_TYPE_SOFTWARE, -fd,
			      plan->absences[counter], sizeof(plan->absences[counter]));
	else
		close(fd);
}

static void group_add(struct count_group *group, unsigned counter)
{
	group->counters[group->nr++] = counter;
}

/* Whether the kernel takes all of them at once: it refuses what the processor cannot count together. */
static bool group_fits(struct count_plan *plan, const struct count_group *group)
{
	int fds[COUNTERS_IN_GROUP];
	unsigned opened = 0;

	for (; opened < group->nr; opened++) {
		fds[opened] = event_try(plan, group->counters[opened], opened ? fds[0] : -1);
		if (fds[opened] < 0)
			break;
	}
	for (unsigned i = 0; i < opened; i++)
		close(fds[i]);
	return opened == group->nr;
}

/*
 * Cycles lead each group: so they are told of every window, and what else is counted can be set
 * against those of the same windows. Most processors have a counter for them alone.
 */
static void group_begin(struct count_plan *plan)
{
	struct count_group *group = &plan->groups[plan->nr_groups++];

	if (!*plan->absences[COUNTER_CYCLES])
		group_add(group, COUNTER_CYCLES);
}

static void group_place(struct count_plan *plan, unsigned counter)
{
	struct count_group *group = &plan->groups[plan->nr_groups - 1];

	if (plan->nr_groups > 1 && group->nr < COUNTERS_IN_GROUP) {
		group_add(group, counter);
		if (group_fits(plan, group))
			return;
		group->nr--;
	}
	group_begin(plan);
	group_add(&plan->groups[plan->nr_groups - 1], counter);
}

void count_plan_probe(struct count_plan *plan, const struct count_scene *scene)
{
	for (unsigned i = 0; i < plan->nr; i++)
		if (!*plan->absences[i])
			event_probe(plan, i, scene);
	plan->nr_groups = 1;
	for (unsigned i = 0; i < plan->nr; i++) {
		if (*plan->absences[i] || i == COUNTER_CYCLES)
			continue;
		if (counter_is_software(i))
			group_add(&plan->groups[0], i);
		else
			group_place(plan, i);
	}
	if (plan->nr_groups == 1 && !*plan->absences[COUNTER_CYCLES])
		group_begin(plan);
}
