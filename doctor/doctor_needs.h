/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What lessons need of the kernel: each says so in its file `needs`, a feature
 * a line: must or part, the feature's name, the reason. Lines that begin with
 * '#' are comments. CONTRIBUTING.org has the details.
 */
#ifndef DOCTOR_NEEDS_H
#define DOCTOR_NEEDS_H

#include <stddef.h>

#include "probe/probe.h"

#define NEEDS_MAX 256
#define NEEDS_LESSON_MAX 64

struct need {
	char lesson[NEEDS_LESSON_MAX];
	const struct probe *probe;
};

struct needs {
	struct need need[NEEDS_MAX];
	int count;
	int lessons; /* that have such a file */
};

/*
 * Read the files of all lessons in folder @top; none are there if it is "".
 * Returns 0, or -EINVAL after an error line for each file that cannot be read:
 * what stands in it up to there counts.
 */
int needs_read(struct needs *needs, const char *top);

/*
 * Store in @text (@size bytes) the lessons that name @probe, with blanks in
 * between; "all" for all of several, "" for none.
 */
void needs_lessons(const struct needs *needs, const struct probe *probe, char *text, size_t size);

#endif /* DOCTOR_NEEDS_H */
