/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One check of an assignment, run: packets through the learner's program. */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdio.h>

#include "checks.h"

/* Where things are: folders without a slash at the end. */
struct judge {
	const char *answer; /* the learner's objects */
	const char *assignment; /* prepare.txt */
	const char *packets; /* tests/packets */
};

/*
 * Load the object of @check, run it, and print to @out why it failed, for the
 * learner: what the packet is, what was expected, what came. Returns 1 where it passed, 0
 * where it failed; -errno after one error line when it could not be judged.
 */
int judge_check(const struct judge *judge, const struct check *check, FILE *out);

#endif /* JUDGE_H */
