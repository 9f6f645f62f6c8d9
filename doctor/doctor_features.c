// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The lessons, the features of the kernel that they need, and whether this one has
 * them. What lessons need stands in their folders. Of the kernel: the file `needs`, a
 * feature a line: must, part or aside, the feature's name, the reason (CONTRIBUTING.org
 * has the details); its first line names the folder. Of tools and file systems: what
 * the shell blocks of the README run.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "log.h"

#define BLANKS " \t\n"
#define PROBLEM_MAX 160
#define SKELETON "template" /* of lessons, and none itself */
#define BASIC "basic" /* how the names of basic lessons begin */

static FILE *open_file(const struct lessons *lessons, const char *lesson, const char *name)
{
	char path[PATH_MAX + LESSON_NAME_MAX + 16];

	snprintf(path, sizeof(path), "%s/%s/%s", lessons->top, lesson, name);
	return fopen(path, "re");
}

static bool is_lesson(const struct lessons *lessons, const char *name)
{
	char first[LESSON_NAME_MAX + 16] = "", want[LESSON_NAME_MAX + 16];
	FILE *file;

	if (*name == '.' || !strcmp(name, SKELETON) || strlen(name) >= LESSON_NAME_MAX)
		return false;
	file = open_file(lessons, name, "needs");
	if (!file)
		return errno != ENOENT && errno != ENOTDIR;
	/* The copy of a lesson has that one's needs, and its tests are not run. */
	snprintf(want, sizeof(want), "# lesson %s\n", name);
	if (!fgets(first, sizeof(first), file))
		*first = '\0';
	fclose(file);
	return !strcmp(first, want);
}

void lessons_find(struct lessons *lessons, const char *top)
{
	struct dirent **entry = NULL;
	int i, n;

	*lessons = (struct lessons){ .top = top };
	n = *top ? scandir(top, &entry, NULL, alphasort) : -1;
	if (n > 0)
		lessons->lesson = calloc(n, sizeof(*lessons->lesson));
	for (i = 0; i < n; i++) {
		if (lessons->lesson && is_lesson(lessons, entry[i]->d_name))
			strcpy(lessons->lesson[lessons->count++].name, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
}

void lessons_free(struct lessons *lessons)
{
	free(lessons->lesson);
}

/* Whether @word stands in @line, and not as a part of a longer one. */
static bool has_word(const char *line, const char *word)
{
	const char *at = line, *end;

	while ((at = strstr(at, word)) != NULL) {
		end = at + strlen(word);
		if ((at == line || !(isalnum((unsigned char)at[-1]) || strchr("_-.", at[-1]))) &&
		    !(isalnum((unsigned char)*end) || (*end && strchr("_-.", *end))))
			return true;
		at = end;
	}
	return false;
}

static bool runs(const struct lessons *lessons, const char *lesson, const char *word)
{
	FILE *file = open_file(lessons, lesson, "README.org");
	bool found = false, inside = false;
	char line[512];

	while (file && !found && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "#+begin_src sh", strlen("#+begin_src sh")))
			inside = true;
		else if (!strncmp(line, "#+end_src", strlen("#+end_src")))
			inside = false;
		found = inside && has_word(line, word);
	}
	if (file)
		fclose(file);
	return found;
}

/* Add a lesson to the list of @n in @text. */
static void add_lesson(const struct lessons *lessons, const char *lesson, int n, char *text)
{
	size_t len = strlen(text);

	snprintf(text + len, LESSONS_TEXT_MAX - len, "%s%s", len ? " " : "", lesson);
	if (n > 1 && n == lessons->count)
		strcpy(text, "all");
}

void lessons_that_run(const struct lessons *lessons, const char *word, char *text)
{
	int i, n = 0;

	*text = '\0';
	for (i = 0; i < lessons->count; i++)
		if (runs(lessons, lessons->lesson[i].name, word))
			add_lesson(lessons, lessons->lesson[i].name, ++n, text);
}

/* Whether @name stands in a line of the lesson's Makefile that begins with @variable. */
static bool makefile_has(const struct lessons *lessons, const char *lesson, const char *variable,
			 const char *name)
{
	FILE *file = open_file(lessons, lesson, "Makefile");
	bool found = false;
	char line[512];

	while (file && !found && fgets(line, sizeof(line), file))
		found = !strncmp(line, variable, strlen(variable)) && has_word(line, name);
	if (file)
		fclose(file);
	return found;
}

void lessons_built_with(const struct lessons *lessons, const char *name, char *text)
{
	const char *lesson;
	int i, n = 0;

	*text = '\0';
	for (i = 0; i < lessons->count; i++) {
		lesson = lessons->lesson[i].name;
		if (makefile_has(lessons, lesson, "NEEDS", name) ||
		    makefile_has(lessons, lesson, "USES", name))
			add_lesson(lessons, lesson, ++n, text);
	}
}

/* What they need of the kernel. */

static enum need_kind parse_kind(const char *word)
{
	static const struct {
		const char *word;
		enum need_kind kind;
	} kinds[] = {
		{ "must", NEED_MUST },
		{ "part", NEED_PART },
		{ "aside", NEED_ASIDE },
	};
	size_t i;

	for (i = 0; word && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(word, kinds[i].word))
			return kinds[i].kind;
	return NEED_NONE;
}

/* The need of a line; without a probe there is none, and @problem has the reason. */
static struct need parse_line(char *line, char *problem)
{
	char *rest = line, *kind = strtok_r(rest, BLANKS, &rest);
	char *name = strtok_r(rest, BLANKS, &rest);
	struct need need = { .probe = name ? probe_find(name) : NULL };

	need.kind = parse_kind(kind);
	if (need.kind == NEED_NONE)
		snprintf(problem, PROBLEM_MAX, "it does not begin with 'must', 'part' or 'aside'");
	else if (!name)
		snprintf(problem, PROBLEM_MAX, "it names no feature");
	else if (!need.probe)
		snprintf(problem, PROBLEM_MAX,
			 "there is no feature '%.64s' (doctor_user --list has them)", name);
	else if (!strtok_r(rest, BLANKS, &rest))
		snprintf(problem, PROBLEM_MAX, "it has no reason");
	return need;
}

/* Add a need, unless it is there or there are too many. */
static void add_need(struct lessons *lessons, const struct need *need, char *problem)
{
	int i;

	for (i = 0; i < lessons->needs; i++)
		if (lessons->need[i].probe == need->probe &&
		    lessons->need[i].lesson == need->lesson)
			snprintf(problem, PROBLEM_MAX, "'%s' is there twice", need->probe->name);
	if (lessons->needs == NEEDS_MAX)
		snprintf(problem, PROBLEM_MAX, "there are too many");
	if (!*problem)
		lessons->need[lessons->needs++] = *need;
}

static int read_needs(struct lessons *lessons, const char *lesson, FILE *file)
{
	char line[256], problem[PROBLEM_MAX] = "";
	struct need need;
	int n = 0;

	while (!*problem && fgets(line, sizeof(line), file)) {
		n++;
		if (strchr(line, '\n') && *line == '#')
			continue;
		if (!strchr(line, '\n'))
			snprintf(problem, sizeof(problem), "it is too long, or does not end");
		else
			need = parse_line(line, problem);
		if (*problem)
			break;
		need.lesson = lesson;
		add_need(lessons, &need, problem);
	}
	if (!*problem && ferror(file)) {
		n++;
		snprintf(problem, sizeof(problem), "%s", strerror(errno));
	}
	if (!*problem)
		return 0;
	pr_err("cannot read '%s/needs', line %d: %s", lesson, n, problem);
	return -EINVAL;
}

/*
 * All files `needs`. Returns 0, or -EINVAL after an error line for each that cannot be
 * read: what stands in it up to there counts.
 */
static int read_all_needs(struct lessons *lessons)
{
	int i, err = 0;

	for (i = 0; i < lessons->count; i++) {
		const char *lesson = lessons->lesson[i].name;
		FILE *file = open_file(lessons, lesson, "needs");

		if (!file) {
			pr_err("cannot read '%s/needs': %s", lesson, strerror(errno));
			err = -EINVAL;
			continue;
		}
		if (read_needs(lessons, lesson, file))
			err = -EINVAL;
		fclose(file);
	}
	return err;
}

static enum need_kind find_need(const struct lessons *lessons, const char *lesson,
				const struct probe *probe)
{
	int i;

	for (i = 0; i < lessons->needs; i++)
		if (lessons->need[i].lesson == lesson && lessons->need[i].probe == probe)
			return lessons->need[i].kind;
	return NEED_NONE;
}

/* As lessons_that_run(): those that need @probe, and not for an aside only. */
static void lessons_that_need(const struct lessons *lessons, const struct probe *probe, char *text)
{
	enum need_kind kind;
	int i, n = 0;

	*text = '\0';
	for (i = 0; i < lessons->count; i++) {
		kind = find_need(lessons, lessons->lesson[i].name, probe);
		if (kind == NEED_MUST || kind == NEED_PART)
			add_lesson(lessons, lessons->lesson[i].name, ++n, text);
	}
}

/* Whether the lesson cannot be done without what @finding is about. */
static bool is_must(const struct lessons *lessons, const char *lesson,
		    const struct finding *finding)
{
	return finding->must || makefile_has(lessons, lesson, "NEEDS", finding->name) ||
	       find_need(lessons, lesson, probe_find(finding->name)) == NEED_MUST;
}

void lessons_lack(struct lessons *lessons, const struct finding *finding)
{
	struct lesson *lesson;
	bool all = !strcmp(finding->lessons, "all"), must;
	size_t len;
	int i;

	for (i = 0; i < lessons->count; i++) {
		lesson = &lessons->lesson[i];
		if (!all && !has_word(finding->lessons, lesson->name))
			continue;
		must = is_must(lessons, lesson->name, finding);
		/* What stops it is enough; nor is all known where something does. */
		if (lesson->cannot && (!must || finding->works < 0))
			continue;
		if (must && !lesson->cannot)
			*lesson->lacks = '\0';
		lesson->cannot |= must;
		len = strlen(lesson->lacks);
		snprintf(lesson->lacks + len, sizeof(lesson->lacks) - len, "%s%s", len ? ", " : "",
			 finding->name);
	}
}

/* Whether one of the basic lessons cannot be done without @probe. */
static bool basic_lessons_need(const struct lessons *lessons, const struct probe *probe)
{
	int i;

	for (i = 0; i < lessons->needs; i++)
		if (lessons->need[i].probe == probe && lessons->need[i].kind == NEED_MUST &&
		    !strncmp(lessons->need[i].lesson, BASIC, strlen(BASIC)))
			return true;
	return false;
}

void doctor_features(struct doctor *doctor)
{
	const struct probe *probe = NULL;

	if (read_all_needs(&doctor->lessons))
		doctor->failed = true;
	while ((probe = probe_next(probe)) != NULL) {
		struct finding found = { .group = "feature", .name = probe->name };

		lessons_that_need(&doctor->lessons, probe, found.lessons);
		found.basic = basic_lessons_need(&doctor->lessons, probe);
		found.works = probe_feature(probe->name, found.text, sizeof(found.text));
		if (found.works > 0)
			snprintf(found.text, sizeof(found.text), "%s", probe->help);
		/* Where it cannot be told, nothing is known to be missing. */
		if (found.works >= 0)
			snprintf(found.remedy, sizeof(found.remedy), "%s", probe->remedy);
		doctor->report(doctor, &found);
	}
}
