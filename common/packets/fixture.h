/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Packets with a known fate: capture files as tests/packets/make.py writes them, and
 * lines that say what a program does with a packet of one. A lesson's verdicts.txt and
 * an assignment's checks.txt consist of such lines:
 *
 *	object FILE.o
 *	prepare NAME [NAME]...
 *	program NAME [NAME]...
 *	FIXTURE PACKETS VERDICT OUTPUT [COUNTER]
 *
 * "prepare" is for programs that do nothing without settings, elements in maps
 * or routes: NAME is one of the folder's prepare.txt (packets/prepare.h), and
 * counts up to the next such line or object. What follows is so for each NAME.
 *
 * FIXTURE is a file of tests/packets without .pcap; PACKETS numbers and
 * ranges, 1,4-6, or * for all. VERDICT is a name, or "-" where the kernel does
 * not take such a short frame; XDP_REDIRECT:N is the interface of index N;
 * two names with a slash between take turns from packet to packet, of all
 * fixtures: the first one first, and always on the same CPU.
 * OUTPUT is the packet afterwards: "same"; "pop", without its first tag;
 * "push", with a tag of id 1 in front; "push:HEX", with those bytes behind its
 * addresses; "hop", its IPv4 header with one hop less; "to:MAC", to that address;
 * FILE:N:BYTES, what it was with the first so many bytes of packet N of another
 * file; or a folder of tests/packets, whose packet of that number it is. COUNTER,
 * MAP:KEY, is the element of a per-CPU array that says one more afterwards.
 * # begins a comment.
 */
#ifndef COMMON_FIXTURE_H
#define COMMON_FIXTURE_H

#include <stdbool.h>

#include <linux/types.h>

#define FIXTURE_NAME_MAX 63
#define FIXTURE_TEXT_MAX 1024
#define NO_VERDICT (-1)

struct frame {
	__u8 *data;
	__u32 len;
};

/* The packets of a capture file, in their order. */
struct fixture {
	struct frame *frame;
	__u32 count;
};

/*
 * Read all of @path. Returns 0; -errno, or -EINVAL where it is no such file: then
 * *@fixture is empty. Else it is released with fixture_free().
 */
int fixture_read(const char *path, struct fixture *fixture);
void fixture_free(struct fixture *fixture);

struct verdict_row {
	char object[FIXTURE_NAME_MAX + 1];
	char prepare[FIXTURE_NAME_MAX + 1]; /* empty: nothing */
	char program[FIXTURE_NAME_MAX + 1];
	char fixture[FIXTURE_NAME_MAX + 1];
	char packets[512];
	int verdict;
	int turn; /* the other verdict, of every second packet; else the same */
	unsigned int ifindex; /* that the packet leaves through; 0: not said */
	char output[FIXTURE_NAME_MAX + 1];
	char map[FIXTURE_NAME_MAX + 1]; /* of the counter; empty: not said */
	__u32 key;
	int line;
};

/* What the next rows are about: each of these programs, however it is prepared. */
struct verdict_heading {
	char object[FIXTURE_NAME_MAX + 1];
	char programs[FIXTURE_TEXT_MAX];
	char prepared[FIXTURE_TEXT_MAX]; /* names, or empty */
};

/*
 * Read line @text, which has no comment any more. Returns 1 where it is a row: all of
 * *@row but program, prepare and line; 0 where it changed *@heading, or is empty;
 * -EINVAL where it makes no sense.
 */
int verdict_parse(const char *text, struct verdict_heading *heading, struct verdict_row *row);

/* Does the row speak of packet @number, counted from 1? */
bool verdict_match(const struct verdict_row *row, __u32 number);

/*
 * Store in *@out what packet @number, @in, is to be afterwards; @packets is the path of
 * tests/packets. The caller frees the data. Returns 0 or -errno; -EINVAL where there is
 * no packet that the row names.
 */
int verdict_output(const struct verdict_row *row, const char *packets, const struct frame *in,
		   __u32 number, struct frame *out);

#endif /* COMMON_FIXTURE_H */
