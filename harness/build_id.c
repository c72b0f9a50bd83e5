/*
 * Reads the build id that the linker put into the running program.
 *
 * SPDX-License-Identifier: MIT
 */
#include "build_id.h"

#include <link.h>
#include <stdio.h>
#include <string.h>

#define ALIGN_UP(n, to) (((n) + (to) - 1) / (to) * (to))

/* A segment of notes: header, name, description, each of the latter padded to the segment's alignment. */
static void read_notes(const char *at, size_t bytes, size_t align, char *text)
{
	const char *const end = at + bytes;
	ElfW(Nhdr) note;

	while ((size_t)(end - at) >= sizeof(note)) {
		const char *name, *id;

		memcpy(&note, at, sizeof(note));
		name = at + sizeof(note);
		id = name + ALIGN_UP(note.n_namesz, align);
		if (id > end || note.n_descsz > (size_t)(end - id))
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && !memcmp(name, "GNU", 4) &&
		    note.n_descsz <= (BUILD_ID_TEXT_BYTES - 1) / 2)
			for (unsigned i = 0; i < note.n_descsz; i++)
				sprintf(text + 2 * i, "%02x", (unsigned char)id[i]);
		at = id + ALIGN_UP(note.n_descsz, align);
		if (at > end)
			return;
	}
}

/* The first object is the program itself. */
static int read_object(struct dl_phdr_info *info, size_t bytes, void *text)
{
	(void)bytes;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		/* Of x86-64's properties, whose notes are aligned to 8, the others' are not. */
		if (segment->p_type == PT_NOTE)
			read_notes((const char *)(info->dlpi_addr + segment->p_vaddr),
				   segment->p_memsz, segment->p_align == 8 ? 8 : 4, text);
	}
	return 1;
}

void build_id_read(char text[BUILD_ID_TEXT_BYTES])
{
	*text = '\0';
	dl_iterate_phdr(read_object, text);
}
