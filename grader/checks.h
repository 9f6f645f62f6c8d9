/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * An assignment's checks.txt: what its program is to do, in the manner of a lesson's
 * verdicts.txt (packets/fixture.h), in checks with hints:
 *
 *	object FILE.o
 *	program NAME
 *	prepare NAME
 *	hint TEXT
 *
 *	check TITLE
 *	FIXTURE PACKETS VERDICT OUTPUT
 *	map MAP KEY [MEMBER] VALUE
 *	entries MAP N
 *	type MAP TYPE
 *	hint TEXT
 *
 * FIXTURE may be in a folder of tests/packets, graded/NAME, which no lesson's verdicts
 * speak of. OUTPUT may also be "any": the packet afterwards is not looked at.
 *
 * object, program and prepare count for the checks that follow. Each check loads the
 * object anew, runs its packets in the order of its lines, and then looks into the maps:
 * what MEMBER of the value of KEY says, or the whole value, which is a number; over all
 * CPUs, where each has its own. KEY is a number, the name of a verdict, or bytes in
 * hexadecimal with colons between them. "map MAP KEY none": there is no such element.
 * TYPE is that of bpftool(8), percpu_array.
 * Hints before the first check are for a program that is not accepted. At most
 * CHECK_HINTS_MAX for each check, the first one given first. A line that begins with #
 * is a comment.
 */
#ifndef CHECKS_H
#define CHECKS_H

#include <stdbool.h>

#include "packets/fixture.h"

#define CHECK_HINTS_MAX 3
#define CHECK_KEY_MAX 64

/* What an element of a map is to say. */
struct map_row {
	char map[FIXTURE_NAME_MAX + 1];
	char key[CHECK_KEY_MAX * 3];
	char member[FIXTURE_NAME_MAX + 1]; /* empty: the whole value */
	unsigned long long value; /* or, of @count, how many elements there are */
	bool count, none;
	char type[FIXTURE_NAME_MAX + 1]; /* of the map, if that is what is looked at */
};

struct check {
	char *title;
	char *hint[CHECK_HINTS_MAX];
	int hints;
	char object[FIXTURE_NAME_MAX + 1], program[FIXTURE_NAME_MAX + 1];
	char prepare[FIXTURE_NAME_MAX + 1]; /* empty: nothing */
	struct verdict_row *row;
	int rows;
	struct map_row *map;
	int maps;
};

/* The first check is that of the load: it has no rows, and the next one's program. */
struct checks {
	struct check *check;
	int count;
};

/*
 * Read @path. Returns 0, or -EINVAL after one error line that names the line; what was
 * read is released with checks_free() in any case.
 */
int checks_read(const char *path, struct checks *checks);
void checks_free(struct checks *checks);

#endif /* CHECKS_H */
