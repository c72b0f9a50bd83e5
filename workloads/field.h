/*
 * Names of what lies in the arena, for who looks at addresses.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WORKLOADS_FIELD_H
#define WORKLOADS_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct field {
	const char *name;
	size_t offset, bytes;
};

#define FIELD(type, member) \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member) }

/*
 * "refcount (byte 0 of 4) of object 3": at is the offset in the object. false in the padding between.
 */
static inline bool field_name(const struct field *fields, unsigned nr_fields, const char *what,
			      size_t number, size_t at, char *text, size_t bytes)
{
	for (unsigned i = 0; i < nr_fields; i++) {
		const struct field *field = &fields[i];

		if (at < field->offset || at - field->offset >= field->bytes)
			continue;
		snprintf(text, bytes, "%s (byte %zu of %zu) of %s %zu", field->name,
			 at - field->offset, field->bytes, what, number);
		return true;
	}
	return false;
}

#define FIELD_NAME(fields, ...) \
	field_name(fields, sizeof(fields) / sizeof(*(fields)), __VA_ARGS__)

#endif
