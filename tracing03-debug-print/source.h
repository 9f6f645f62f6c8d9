/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Where the lines come from: a trace pipe, of an instance of our own or the machine's. */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>

#include "line.h"

#define INSTANCE_NAME_MAX 192

/* Released with source_close(). */
struct source {
	__u32 tag; /* what our program prints in each line */
	int tracefs, folder, pipe; /* file descriptors; -1: none */
	char instance[INSTANCE_NAME_MAX]; /* of our own; "": none */
	struct lines lines;
	unsigned long long lost_before; /* lines, when we began */
};

/*
 * Draw a tag and open a trace pipe: of an instance that gets only lines with it; or, where none can
 * be made and with @global, the machine's, from the next line on. The first is reported in one line
 * of warning. Returns 0; or -errno after one error line, and then there is
 * nothing to release.
 */
int source_open(struct source *source, bool global);

/*
 * Store the next line, or NULL when there is none yet: it does not wait. Owned by source until the
 * next call. Returns 0, or -ENODEV after one error line.
 */
int source_next(struct source *source, const char **line);

/*
 * How many lines have been lost since source_open(), as the buffer was full: ours, or of the
 * machine's pipe anybody's.
 */
unsigned long long source_lost(const struct source *source);

/* Close the pipe and remove the instance. */
void source_close(struct source *source);

#endif /* SOURCE_H */
