// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * A line as the kernel writes it:
 *
 *	ping-1234    [000] ..s2.   12.345678: bpf_trace_printk: TEXT
 *
 * In front is the process that happened to run, whose name may be anything
 * that fits into 15 bytes; so the first "bpf_trace_printk: ", which has more,
 * is the kernel's own.
 */
#include <stdio.h>
#include <string.h>

#include "line.h"
#include "xdp_print.h"

#define EVENT "bpf_trace_printk: "
#define MAC_DIGITS 12
#define MAC_AND_TYPE_DIGITS 16

size_t lines_room(struct lines *lines, char **where)
{
	memmove(lines->bytes, lines->bytes + lines->begin, lines->end - lines->begin);
	lines->end -= lines->begin;
	lines->begin = 0;
	if (lines->end == sizeof(lines->bytes)) {
		lines->cut = true;
		lines->end = 0;
	}
	*where = lines->bytes + lines->end;
	return sizeof(lines->bytes) - lines->end;
}

/* Nobody's name, and nobody's text, shall move the cursor of a terminal. */
static void make_printable(char *line)
{
	for (; *line; line++)
		if (*line < ' ' || *line > '~')
			*line = '?';
}

const char *lines_next(struct lines *lines)
{
	char *line, *newline;
	bool cut;

	do {
		line = lines->bytes + lines->begin;
		newline = memchr(line, '\n', lines->end - lines->begin);
		if (!newline)
			return NULL;
		lines->begin = (size_t)(newline + 1 - lines->bytes);
		cut = lines->cut;
		lines->cut = false;
	} while (cut);
	*newline = '\0';
	make_printable(line);
	return line;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Read at most @max digits; where they end, or NULL when there is none. */
static const char *read_hex(const char *text, int max, __u64 *number)
{
	int i;

	*number = 0;
	for (i = 0; i < max && digit(text[i]) >= 0; i++)
		*number = *number << 4 | (__u64)digit(text[i]);
	return i ? text + i : NULL;
}

static void write_mac(__u64 number, unsigned char *mac)
{
	int i;

	for (i = ETH_ALEN - 1; i >= 0; i--, number >>= 8)
		mac[i] = (unsigned char)number;
}

bool line_read(const char *line, __u32 tag, struct line_packet *packet)
{
	const char *text = strstr(line, EVENT);
	__u64 dest, source_and_type;
	char begin[64];
	int len;

	len = snprintf(begin, sizeof(begin), EVENT PRINT_MARK " %x: ", tag);
	if (!text || strncmp(text, begin, (size_t)len) != 0)
		return false;
	text = read_hex(text + len, MAC_DIGITS, &dest);
	if (!text || *text++ != ' ')
		return false;
	text = read_hex(text, MAC_AND_TYPE_DIGITS, &source_and_type);
	if (!text || *text)
		return false;
	write_mac(dest, packet->dest);
	write_mac(source_and_type >> 16, packet->source);
	packet->type = (__u16)source_and_type;
	return true;
}

bool line_tells_loss(const char *line)
{
	return !strncmp(line, "CPU:", 4) && strstr(line, " [LOST ");
}
