/*
 * One clear line on what went wrong, carried from where it is known to where it is printed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_ERROR_H
#define HARNESS_ERROR_H

struct error {
	char text[512];
};

/*
 * Writes the line (printf style, no newline) and returns -code, so that a function can end with
 * `return error_set(err, EINVAL, "...")`. code is a positive errno value. A text that does not fit
 * is cut; control characters, of a file's name or field, become question marks.
 */
__attribute__((format(printf, 3, 4)))
int error_set(struct error *err, int code, const char *format, ...);

#ifdef __clang_analyzer__
/* What is checked for what follows an error must see that it is one. */
static inline int error_negative(int error)
{
	if (error >= 0)
		__builtin_unreachable();
	return error;
}

#define error_set(...) error_negative(error_set(__VA_ARGS__))
#endif

#endif
