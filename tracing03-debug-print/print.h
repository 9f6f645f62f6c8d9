/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the files of xdp_print_user share: its options, where the lines come from, and what was
 * shown of them.
 */
#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>

#include "attach.h"
#include "line.h"
#include "netif.h"

#define INSTANCE_NAME_MAX 192

struct print_opts {
	struct netif dev;
	struct attach_opts attach;
	bool global_pipe; /* the machine's, and no instance */
	unsigned int count; /* packets; 0: no end */
	double duration; /* seconds; 0: no end */
	bool json;
};

/* Released with source_close(). */
struct source {
	__u32 tag; /* what our program prints in each line */
	int tracefs, folder, pipe; /* file descriptors; -1: none */
	char instance[INSTANCE_NAME_MAX]; /* of our own; "": none */
	struct lines lines;
	unsigned long long lost_before; /* lines, when we began */
};

/*
 * source.c: draw a tag and open a trace pipe: of an instance that gets only lines with it; or,
 * where none can be made and with @global, the machine's, from the next line on. The first is
 * reported in one line of warning. Returns 0; or -errno after one error line, and then there is
 * nothing to release.
 */
int source_open(struct source *source, bool global);

/*
 * source.c: store the next line, or NULL when there is none yet: it does not wait. Owned by source
 * until the next call. Returns 0, or -ENODEV after one error line.
 */
int source_next(struct source *source, const char **line);

/*
 * source.c: how many lines have been lost since source_open(), as the buffer was full: ours, or of
 * the machine's pipe anybody's.
 */
unsigned long long source_lost(const struct source *source);

/* source.c: close the pipe and remove the instance. */
void source_close(struct source *source);

struct show {
	const struct print_opts *opts;
	unsigned long long packets, lost; /* lines: shown, and not to be had */
};

/*
 * show.c: show what comes, until a signal or an option ends it. Returns 0; or, after one error
 * line, what attach_check(), source_next() or output_flush() did, and -EPIPE when nobody reads
 * standard output any more.
 */
int show_run(struct show *show, struct source *source, struct attach *at);

/* show.c: show what is left, once the program is detached, and the sum. 0 or -errno. */
int show_end(struct show *show, struct source *source);

#endif /* PRINT_H */
