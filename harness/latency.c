/*
 * Chooses the groups whose single ops are sampled, and formats what they took as rows of latency.csv.
 *
 * SPDX-License-Identifier: MIT
 */
#include "latency.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "random.h"

/*
 * Between two samples, on average: long against the 0.1 us that a sample costs, so that workers meet as
 * they do without it, short enough for a thousand samples in a window. Each op that takes longer is one.
 */
#define GAP_NS 500

static const char header[] =
	"launch,workload,strategy,variant,kind,deferred,setting,placement,threads,objects,node,work_ns,"
	"layout,replace_permille,window_ns,gap_ops,samples,max_ns,clock_ns,stamps,ops,flags\n";

int latency_open(struct latency *latency, const char *directory, unsigned nr_workers,
		 struct error *err)
{
	struct stat file;
	char *path;
	int error = 0;

	*latency = (struct latency){ .fd = -1 };
	if (asprintf(&path, "%s/latency.csv", directory) < 0)
		return error_set(err, ENOMEM, "no memory");
	latency->samplers = aligned_alloc(WORKLOAD_ALIGN, nr_workers * sizeof(struct sampler));
	if (!latency->samplers)
		error = -ENOMEM;
	if (!error)
		latency->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (!error && (latency->fd < 0 || fstat(latency->fd, &file)))
		error = -errno;
	/* Where fstat() fails errno is not 0. NOLINTNEXTLINE(clang-analyzer-*) */
	if (!error && !file.st_size)
		error = record_append(latency->fd, header, strlen(header));
	if (error) {
		error_set(err, -error, "cannot write %s: %s", path, strerror(-error));
		if (latency->fd >= 0)
			close(latency->fd);
		free(latency->samplers);
	}
	free(path);
	return error;
}

int latency_close(struct latency *latency, struct error *err)
{
	int error = fdatasync(latency->fd) ? -errno : 0;

	if (close(latency->fd) && !error)
		error = -errno;
	if (latency->rows)
		fclose(latency->rows);
	free(latency->text);
	free(latency->samplers);
	return error ? error_set(err, -error, "cannot save latency.csv: %s", strerror(-error)) : 0;
}

/* All the same but threads and work. */
static bool is_alike(const struct group *a, const struct group *b)
{
	return !strcmp(a->workload, b->workload) && a->setting == b->setting &&
	       a->placement == b->placement && a->objects == b->objects && a->packed == b->packed &&
	       a->replace == b->replace;
}

bool latency_wanted(const struct plan *plan, const struct group *group)
{
	for (unsigned i = 0; i < plan->nr_groups; i++) {
		const struct group *other = &plan->groups[i];

		if (!is_alike(group, other))
			continue;
		if (other->threads == group->threads && other->work_ns < group->work_ns)
			return false;
		if (other->threads > group->threads && group->threads > 1)
			return false;
	}
	return true;
}

struct sampler *latency_samplers(struct latency *latency, unsigned nr_workers, uint64_t batch_ops,
				 uint64_t seed)
{
	const uint64_t gap_ops = batch_ops * GAP_NS / WINDOW_BATCH_NS;

	for (unsigned i = 0; i < nr_workers; i++)
		sampler_init(&latency->samplers[i], random_next(&seed), gap_ops);
	return latency->samplers;
}

/* A worker that helps another, or was not inside its window, has none. */
static void print_samples(FILE *row, const struct latency *latency, const struct clock *clock,
			  const struct record_window *window, const struct window_result *result,
			  struct histogram *ops, struct histogram *stamps)
{
	for (unsigned i = 0; i < window->group->threads; i++) {
		histogram_merge(ops, &latency->samplers[i].ops);
		histogram_merge(stamps, &latency->samplers[i].stamps);
	}
	fprintf(row, ",%llu,%llu,%llu,", (unsigned long long)result->window_ns,
		(unsigned long long)latency->samplers[0].gap_ops, (unsigned long long)ops->nr);
	if (ops->nr)
		fprintf(row, "%llu", (unsigned long long)ops->max_ns);
	fprintf(row, ",%.4g,", clock_step_ns(clock));
	histogram_write(row, stamps);
	fputc(',', row);
	histogram_write(row, ops);
}

int latency_add(struct latency *latency, const struct clock *clock, const struct record_window *window,
		const struct window_result *result, struct error *err)
{
	struct histogram *sums = calloc(2, sizeof(*sums));

	if (sums && !latency->rows)
		latency->rows = open_memstream(&latency->text, &latency->length);
	if (!sums || !latency->rows) {
		free(sums);
		return error_set(err, ENOMEM, "no memory for a row of latencies");
	}
	fprintf(latency->rows, "%u,", window->launch);
	record_print_point(latency->rows, window);
	print_samples(latency->rows, latency, clock, window, result, &sums[0], &sums[1]);
	record_print_flags(latency->rows, window, result);
	fputc('\n', latency->rows);
	free(sums);
	return 0;
}

/* The flags are the last field of each row. */
static int rows_flag(struct latency *latency, FILE *out)
{
	const char *row = latency->text, *end;

	for (; (end = strchr(row, '\n')); row = end + 1)
		fprintf(out, "%.*s%ssteal\n", (int)(end - row), row, end[-1] == ',' ? "" : "+");
	return fclose(out) ? -ENOMEM : 0;
}

/* The rows as they go to the file; *text is the caller's to free. */
static int rows_finish(struct latency *latency, bool stolen, char **text, size_t *length)
{
	FILE *out;

	if (!stolen) {
		*text = latency->text;
		*length = latency->length;
		latency->text = NULL;
		return 0;
	}
	out = open_memstream(text, length);
	return out ? rows_flag(latency, out) : -ENOMEM;
}

int latency_group_end(struct latency *latency, bool stolen, struct error *err)
{
	char *text = NULL;
	size_t length;
	int error;

	if (!latency->rows)
		return 0;
	error = fclose(latency->rows) ? -ENOMEM : rows_finish(latency, stolen, &text, &length);
	latency->rows = NULL;
	/* One write: a kill leaves whole groups, or one torn line at the very end. */
	if (!error)
		error = record_append(latency->fd, text, length);
	free(text);
	free(latency->text);
	latency->text = NULL;
	return error ? error_set(err, -error, "cannot write latency.csv: %s", strerror(-error)) : 0;
}
