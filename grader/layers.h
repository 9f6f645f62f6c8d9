/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the bytes of a frame are, for people: a line of text, and the names of fields. */
#ifndef LAYERS_H
#define LAYERS_H

#include <stddef.h>
#include <stdio.h>

#include "packets/fixture.h"

#define LAYERS_TEXT_MAX 256
#define LAYERS_FIELDS_MAX 96

/* A field of a header, @len bytes from @offset on. */
struct layers_field {
	__u32 offset, len;
	const char *header, *name; /* "IPv4", "header checksum" */
};

/* A frame read from its start, as far as its headers are known and whole. */
struct layers {
	struct layers_field field[LAYERS_FIELDS_MAX];
	int count;
	char text[LAYERS_TEXT_MAX]; /* "IPv4 10.0.0.1 > 10.0.0.2, UDP 1024 > 7, 64 bytes" */
};

/* Read @frame, whatever its bytes. Cannot fail. */
void layers_read(struct layers *layers, const struct frame *frame);

/*
 * Print to @out the first @most lines of 16 bytes of @frame, with the headers that begin in
 * each; @indent blanks come first.
 */
void layers_print(FILE *out, int indent, int most, const struct frame *frame);

/*
 * Print to @out the lines of 16 bytes in which @got and @want differ, the first @most of
 * them, with marks below the bytes that do and the fields' names beside: those of @want,
 * and of @got where it is longer. @indent blanks come first in each line.
 */
void layers_print_difference(FILE *out, int indent, int most, const struct frame *got,
			     const struct frame *want);

#endif /* LAYERS_H */
