/*
 * The kref document's hand-off to a thread: right, with BAD, or with LEAK.
 *
 * SPDX-License-Identifier: MIT
 *
 * docs/debugging.md has what it says. The thread is waited for at once, so that BAD's get is late
 * every time; a program that has this bug is late when it has bad luck.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#include <kref/kref.h>

struct my_data {
	int value;
	struct kref refcount;
};

static void data_release(struct kref *ref)
{
	free((char *)ref - offsetof(struct my_data, refcount));
}

static void *more_data_handling(void *cb_data)
{
	struct my_data *data = cb_data;

	kref_put(&data->refcount, data_release);
	return NULL;
}

static int my_data_handler(void)
{
	struct my_data *data = malloc(sizeof(*data));
	pthread_t task;

	if (!data)
		return -1;
	kref_init(&data->refcount);
#ifndef BAD
	kref_get(&data->refcount);
	if (pthread_create(&task, NULL, more_data_handling, data))
		return -1;
	pthread_join(task, NULL);
#else
	if (pthread_create(&task, NULL, more_data_handling, data))
		return -1;
	pthread_join(task, NULL);
	kref_get(&data->refcount);	/* after the hand-off */
#endif
#ifndef LEAK
	kref_put(&data->refcount, data_release);
#endif
	return 0;
}

int main(void)
{
	return my_data_handler() ? EXIT_FAILURE : EXIT_SUCCESS;
}
