/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the parts of doctor_user share. */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define DOCTOR_TEXT_MAX 320

/* One line of the report. */
struct finding {
	const char *group; /* "system", "tool" or "feature" */
	const char *name;
	int works; /* 1: yes, 0: no, -errno: cannot be told */
	bool basic; /* the basic lessons need it */
	char text[DOCTOR_TEXT_MAX]; /* what it is; unless it works: why not */
	const char *lessons; /* that use it, with blanks between; or "" */
	char remedy[DOCTOR_TEXT_MAX]; /* what to do unless it works */
};

struct doctor {
	char top[PATH_MAX]; /* the tree; "" where this command is not in it */
	bool json;
	bool failed; /* at something that is not the machine's fault */
	const char *group; /* of the last line */
	char missing[DOCTOR_TEXT_MAX]; /* that the basic lessons need */
};

/* Each looks at some things, and reports every finding. */
void doctor_system(struct doctor *doctor);
void doctor_mounts(struct doctor *doctor);
void doctor_tools(struct doctor *doctor);
void doctor_features(struct doctor *doctor);

/* Print a finding, and remember it if the basic lessons lack it. */
void doctor_report(struct doctor *doctor, const struct finding *finding);

/* Print a finding as one JSON object. */
void doctor_json(const struct finding *finding);

/* The last line: whether the basic lessons can run. */
void doctor_conclude(const struct doctor *doctor);

/* Append @word to the list @text, with a comma in between. */
void doctor_append(char *text, size_t size, const char *word);

#endif /* DOCTOR_H */
