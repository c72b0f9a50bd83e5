/*
 * Reads the lines of /proc/stat that tell of processors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cputime.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* proc(5): user nice system idle iowait irq softirq steal; guest time is part of user's. */
enum { FIELD_IDLE = 3, FIELD_IOWAIT = 4, FIELD_STEAL = 7, NR_FIELDS };

int cputime_open(struct cputime_file *file, const char *path)
{
	*file = (struct cputime_file){ .fd = open(path, O_RDONLY | O_CLOEXEC), .size = 4096 };
	if (file->fd < 0)
		return -errno;
	file->text = malloc(file->size);
	if (!file->text) {
		cputime_close(file);
		return -ENOMEM;
	}
	return 0;
}

void cputime_close(struct cputime_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	free(file->text);
	*file = (struct cputime_file){ .fd = -1 };
}

/* Fills the buffer from the file's begin, as far as it goes. Returns the length or -errno. */
static ssize_t read_text(const struct cputime_file *file)
{
	size_t length = 0;
	ssize_t got;

	while ((got = pread(file->fd, file->text + length, file->size - 1 - length,
			    (off_t)length)) > 0)
		length += (size_t)got;
	if (got < 0)
		return -errno;
	file->text[length] = '\0';
	return (ssize_t)length;
}

/* Those of the processors come first, that of the interrupts follows. */
static int read_lines(struct cputime_file *file)
{
	ssize_t length;

	while ((length = read_text(file)) == (ssize_t)file->size - 1 &&
	       !strstr(file->text, "\nintr")) {
		char *text = realloc(file->text, 2 * file->size);

		if (!text)
			return -ENOMEM;
		file->text = text;
		file->size *= 2;
	}
	return length < 0 ? (int)length : 0;
}

/* Adds what stands after a line's name. */
static int add_line(const char *text, struct cputime *time)
{
	uint64_t fields[NR_FIELDS], total = 0;

	for (unsigned i = 0; i < NR_FIELDS; i++) {
		char *end;

		text += strspn(text, " ");
		if (!isdigit((unsigned char)*text))
			return -EBADMSG;
		errno = 0;
		fields[i] = strtoull(text, &end, 10);
		if (errno || (*end != ' ' && *end != '\n'))
			return -EBADMSG;
		text = end;
		total += fields[i];
	}
	time->total += total;
	time->busy += total - fields[FIELD_IDLE] - fields[FIELD_IOWAIT] - fields[FIELD_STEAL];
	time->steal += fields[FIELD_STEAL];
	time->cpus++;
	return 0;
}

/* How often the processor is among those asked for. */
static unsigned times_asked(const int *cpus, unsigned n, unsigned long cpu)
{
	unsigned times = n ? 0 : 1;

	for (unsigned i = 0; i < n; i++)
		times += (unsigned long)cpus[i] == cpu;
	return times;
}

int cputime_read(struct cputime_file *file, const int *cpus, unsigned n, struct cputime *time)
{
	int error = read_lines(file);

	*time = (struct cputime){ .total = 0 };
	for (const char *line = file->text; !error && line && !strncmp(line, "cpu", 3);
	     line = strchr(line, '\n'), line += line != NULL) {
		char *end;
		unsigned times;

		if (!isdigit((unsigned char)line[3]))
			continue;	/* the sum over all */
		times = times_asked(cpus, n, strtoul(line + 3, &end, 10));
		while (!error && times--)
			error = add_line(end, time);
	}
	if (!error && (time->cpus < n || !time->cpus))
		error = -ENOENT;
	return error;
}
