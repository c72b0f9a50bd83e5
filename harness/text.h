/*
 * What of a text that is not ours a terminal may obey.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HARNESS_TEXT_H
#define HARNESS_TEXT_H

/* The bytes of the control character that text begins with, 0 where it is none: ASCII's, and U+0080 to U+009F. */
static inline unsigned text_control(const char *text)
{
	const unsigned char first = (unsigned char)text[0];

	if ((first && first < ' ') || first == 127)
		return 1;
	return first == 0xc2 && ((unsigned char)text[1] & 0xe0) == 0x80 ? 2 : 0;
}

#endif
