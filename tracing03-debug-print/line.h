/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The lines of a trace pipe. All programs of the machine print there, in any
 * process's name: a line is believed when it begins like ours, and has
 * nothing else in it. The fuzzer in tests/fuzz compiles this alone.
 */
#ifndef LINE_H
#define LINE_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* More than the kernel prints in one line. */
#define LINES_SIZE 16384

/* Bytes that have been read, cut into lines. Zeroed at first. */
struct lines {
	char bytes[LINES_SIZE];
	size_t begin, end; /* what has not been handed out */
	bool cut; /* a line was longer than all this: drop its rest */
};

/* What a line says. */
struct line_packet {
	unsigned char dest[ETH_ALEN], source[ETH_ALEN];
	__u16 type; /* EtherType */
};

/*
 * Room for further bytes: store where, and return how many, which is never 0.
 * Once they are there add their number to @lines->end.
 */
size_t lines_room(struct lines *lines, char **where);

/*
 * The next whole line, without its newline, and with '?' for bytes that a
 * terminal would not print; NULL when there is none. Owned by lines until
 * lines_room().
 */
const char *lines_next(struct lines *lines);

/* Whether @line is one that the program with @tag has printed: what it says. */
bool line_read(const char *line, __u32 tag, struct line_packet *packet);

/* Whether the kernel says with @line that lines before it are lost. */
bool line_tells_loss(const char *line);

#endif /* LINE_H */
