/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A line of doctor_user's report, what it examines, and what the lessons' folders say. */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "probe/probe.h"

#define DOCTOR_TEXT_MAX 320
#define LESSONS_TEXT_MAX 1024
#define LESSON_NAME_MAX 64
#define NEEDS_MAX 256

/* One line of the report. */
struct finding {
	const char *group; /* "system", "tool", "feature", "lesson" or "summary" */
	const char *name;
	int works; /* 1: yes, 0: no, -errno: cannot be told */
	bool basic; /* the basic lessons need it */
	bool must; /* no lesson that uses it can be done without */
	char text[DOCTOR_TEXT_MAX]; /* what it is; unless it works: why not */
	char lessons[LESSONS_TEXT_MAX]; /* that use it, with blanks between; or "all" */
	char remedy[DOCTOR_TEXT_MAX]; /* what to do unless it works */
};

/* How a lesson does without what it needs. */
enum need_kind {
	NEED_NONE, /* no such word */
	NEED_MUST, /* not at all */
	NEED_PART, /* a part of it cannot be done */
	NEED_ASIDE, /* all of it can be done */
};

/* A line of a lesson's file `needs`. */
struct need {
	const char *lesson;
	const struct probe *probe;
	enum need_kind kind;
};

/* What a lesson lacks on this machine. */
struct lesson {
	char name[LESSON_NAME_MAX];
	bool cannot; /* be done at all */
	char lacks[DOCTOR_TEXT_MAX]; /* what stops it, or a part of it: "a, b" */
};

/* The lessons of a tree: its folders with a file `needs`. */
struct lessons {
	const char *top;
	struct lesson *lesson; /* sorted by name */
	int count;
	struct need need[NEEDS_MAX];
	int needs;
};

struct doctor {
	char top[PATH_MAX]; /* the tree; "" where this command is not in it */
	struct lessons lessons;
	bool json;
	bool failed; /* at something that is not the machine's fault */
	const char *group; /* of the last line */
	char missing[DOCTOR_TEXT_MAX]; /* that the basic lessons need */
	/* Print a finding, and remember it if the basic lessons lack it. */
	void (*report)(struct doctor *doctor, const struct finding *finding);
};

/* Each examines a group of things, and reports every finding. */
void doctor_system(struct doctor *doctor);
void doctor_tools(struct doctor *doctor);
void doctor_features(struct doctor *doctor);

/*
 * Find the lessons in folder @top, which must stay; none are there if it is "".
 * To be released with lessons_free().
 */
void lessons_find(struct lessons *lessons, const char *top);

/*
 * Store in @text (LESSONS_TEXT_MAX bytes) the lessons whose README runs @word in a
 * shell block; with blanks in between, "all" for all of several, "" for none.
 */
void lessons_that_run(const struct lessons *lessons, const char *word, char *text);

/* As above: the lessons that are built with the optional library @name. */
void lessons_built_with(const struct lessons *lessons, const char *name, char *text);

/* Note for each lesson that uses it that what @finding is about does not work. */
void lessons_lack(struct lessons *lessons, const struct finding *finding);

void lessons_free(struct lessons *lessons);

#endif /* DOCTOR_H */
