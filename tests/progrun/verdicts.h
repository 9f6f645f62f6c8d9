/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A lesson's verdicts.txt: what its programs are to do with each packet of
 * tests/packets, stated from the lesson's text. Its lines are
 *
 *	object FILE.o
 *	prepare NAME [NAME]...
 *	program NAME [NAME]...
 *	FIXTURE PACKETS VERDICT OUTPUT [COUNTER]
 *
 * "prepare" is for programs that do nothing without settings, elements in maps
 * or routes: NAME is one of the lesson's prepare.txt (common/packets/prepare.h), and
 * counts up to the next such line or object. What follows is so for each NAME.
 *
 * FIXTURE is a file of tests/packets without .pcap; PACKETS numbers and
 * ranges, 1,4-6, or * for all. VERDICT is a name, or "-" where the kernel does
 * not take such a short frame; XDP_REDIRECT:N is the interface of index N;
 * two names with a slash between take turns from packet to packet, of all
 * fixtures: the first one first, and always on the same CPU.
 * OUTPUT is the packet afterwards: "same"; "pop", without its first tag;
 * "push", with a tag of id 1 in front; "hop", its IPv4 header with one hop less;
 * "to:MAC", to that address; FILE:N:BYTES, what it was with the first so many
 * bytes of packet N of another file; or a folder of tests/packets, whose packet
 * of that number it is. COUNTER, MAP:KEY, is the element of a per-CPU array
 * that says one more afterwards. # begins a comment.
 */
#ifndef TESTS_VERDICTS_H
#define TESTS_VERDICTS_H

#include <linux/types.h>

#define NAME_MAX_LEN 63
#define NO_VERDICT (-1)

struct verdict_row {
	char object[NAME_MAX_LEN + 1];
	char prepare[NAME_MAX_LEN + 1]; /* empty: nothing */
	char program[NAME_MAX_LEN + 1];
	char fixture[NAME_MAX_LEN + 1];
	char packets[512];
	int verdict;
	int turn; /* the other verdict, of every second packet; else the same */
	unsigned int ifindex; /* that the packet leaves through; 0: not said */
	char output[NAME_MAX_LEN + 1];
	char map[NAME_MAX_LEN + 1]; /* of the counter; empty: not said */
	__u32 key;
	int line;
};

struct verdict_table {
	struct verdict_row *row;
	int count;
};

/* Ends the test with a message if the table makes no sense. */
struct verdict_table verdicts_read(const char *path);

/* Does the row speak of packet @number, counted from 1? */
int verdicts_match(const struct verdict_row *row, __u32 number);

#endif /* TESTS_VERDICTS_H */
