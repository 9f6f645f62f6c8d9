// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The lines of a trace pipe, which anybody writes (tracing03-debug-print): any
 * bytes, in pieces of any size, become lines that a terminal takes; and of all
 * of them only those are believed that the program could have printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"

#define TAG 0x89abcdefU

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* How a line of ours begins is hard to guess: the byte 0 stands for it. */
static const char beginning[] = "x-1 [000] 1.2: bpf_trace_printk: xdp_print 89abcdef: ";

static char too_long[LINES_SIZE];

/* The numbers as the program prints them: they must stand in the line. */
static void check_line(const char *line)
{
	struct line_packet packet;
	unsigned long long dest = 0, source = 0, text_dest, text_source;
	const char *text;
	int i, end = 0;

	line_tells_loss(line);
	if (!line_read(line, TAG, &packet))
		return;
	for (i = 0; i < ETH_ALEN; i++) {
		dest = dest << 8 | packet.dest[i];
		source = source << 8 | packet.source[i];
	}
	source = source << 16 | packet.type;
	text = strstr(line, "bpf_trace_printk: ");
	if (!text || sscanf(text, "bpf_trace_printk: xdp_print 89abcdef: %12llx %16llx%n",
			    &text_dest, &text_source, &end) != 2)
		abort();
	if (text[end] || text_dest != dest || text_source != source)
		abort();
	/* Another run's it is not. */
	if (line_read(line, TAG + 1, &packet))
		abort();
}

/* Hand @len bytes over as they are read: never more than there is room for. */
static void put(struct lines *lines, const char *bytes, size_t len)
{
	const char *line, *c;
	char *where;
	size_t room;

	while (len) {
		room = lines_room(lines, &where);
		if (!room || where < lines->bytes ||
		    where + room > lines->bytes + sizeof(lines->bytes))
			abort();
		room = room < len ? room : len;
		memcpy(where, bytes, room);
		lines->end += room;
		bytes += room;
		len -= room;
		while ((line = lines_next(lines))) {
			for (c = line; *c; c++)
				if (*c < ' ' || *c > '~')
					abort();
			check_line(line);
		}
	}
}

/* The rest of a line that was too long is no line. */
static void check_cut(struct lines *lines)
{
	static const char rest[] = "bpf_trace_printk: xdp_print 89abcdef: 1 2\n"
				   "next\n";
	const char *line;
	char *where;

	*lines = (struct lines){ 0 };
	put(lines, too_long, sizeof(too_long));
	if (lines_room(lines, &where) < sizeof(rest))
		abort();
	memcpy(where, rest, sizeof(rest) - 1);
	lines->end += sizeof(rest) - 1;
	line = lines_next(lines);
	if (!line || strcmp(line, "next") != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct lines lines;
	size_t i, piece;

	memset(too_long, 'x', sizeof(too_long));
	check_cut(&lines);
	lines = (struct lines){ 0 };
	for (i = 0; i < size; i += piece) {
		piece = 1;
		if (!data[i]) {
			put(&lines, beginning, sizeof(beginning) - 1);
			continue;
		}
		/* 1 makes a line longer than any buffer. */
		if (data[i] == 1)
			put(&lines, too_long, sizeof(too_long));
		piece = data[i] % 16 + 1U;
		piece = piece < size - i ? piece : size - i;
		put(&lines, (const char *)data + i, piece);
	}
	put(&lines, "\n", 1);
	return 0;
}
