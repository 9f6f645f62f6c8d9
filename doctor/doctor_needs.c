// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The lessons' files `needs`. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor_needs.h"
#include "log.h"

#define BLANKS " \t\n"
#define WRONG_MAX 160
#define SKELETON "template" /* of lessons, and none itself */

/* The probe of a line; or NULL, and in @wrong why there is none. */
static const struct probe *parse_line(char *line, char *wrong)
{
	char *rest = line, *kind = strtok_r(rest, BLANKS, &rest);
	char *name = strtok_r(rest, BLANKS, &rest);
	const struct probe *probe = name ? probe_find(name) : NULL;

	*wrong = '\0';
	if (!kind || (strcmp(kind, "must") && strcmp(kind, "part")))
		snprintf(wrong, WRONG_MAX, "it begins neither with 'must' nor with 'part'");
	else if (!name)
		snprintf(wrong, WRONG_MAX, "it names no feature");
	else if (!probe)
		snprintf(wrong, WRONG_MAX,
			 "there is no feature '%.64s' "
			 "(doctor_user --list has them)",
			 name);
	else if (!strtok_r(rest, BLANKS, &rest))
		snprintf(wrong, WRONG_MAX, "it has no reason");
	return *wrong ? NULL : probe;
}

/* Add a lesson's need, unless it is there or there are too many. */
static void add(struct needs *needs, const char *lesson, const struct probe *probe, char *wrong)
{
	struct need *need = &needs->need[needs->count];
	int i;

	for (i = 0; i < needs->count; i++)
		if (needs->need[i].probe == probe && !strcmp(needs->need[i].lesson, lesson))
			snprintf(wrong, WRONG_MAX, "'%s' is there twice", probe->name);
	if (needs->count == NEEDS_MAX)
		snprintf(wrong, WRONG_MAX, "there are too many");
	if (*wrong)
		return;
	snprintf(need->lesson, sizeof(need->lesson), "%s", lesson);
	need->probe = probe;
	needs->count++;
}

static int read_file(struct needs *needs, const char *lesson, FILE *file)
{
	char line[256], wrong[WRONG_MAX] = "";
	const struct probe *probe;
	int n = 0;

	while (!*wrong && fgets(line, sizeof(line), file)) {
		n++;
		probe = NULL;
		if (!strchr(line, '\n'))
			snprintf(wrong, sizeof(wrong), "it is too long, or does not end");
		else if (*line != '#')
			probe = parse_line(line, wrong);
		if (probe)
			add(needs, lesson, probe, wrong);
	}
	if (!*wrong && ferror(file)) {
		n++;
		snprintf(wrong, sizeof(wrong), "%s", strerror(errno));
	}
	if (!*wrong)
		return 0;
	pr_err("cannot read '%s/needs', line %d: %s", lesson, n, wrong);
	return -EINVAL;
}

static int read_lesson(struct needs *needs, const char *top, const char *lesson)
{
	char path[PATH_MAX + NEEDS_LESSON_MAX + 16];
	FILE *file;
	int err;

	snprintf(path, sizeof(path), "%s/%s/needs", top, lesson);
	file = fopen(path, "re");
	if (!file && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	needs->lessons++;
	if (!file) {
		pr_err("cannot read '%s/needs': %s", lesson, strerror(errno));
		return -EINVAL;
	}
	err = read_file(needs, lesson, file);
	fclose(file);
	return err;
}

int needs_read(struct needs *needs, const char *top)
{
	struct dirent **entries;
	int n, i, err = 0;

	needs->count = 0;
	needs->lessons = 0;
	n = *top ? scandir(top, &entries, NULL, alphasort) : -1;
	if (n < 0)
		return 0;
	for (i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (*name != '.' && strcmp(name, SKELETON) && strlen(name) < NEEDS_LESSON_MAX &&
		    read_lesson(needs, top, name))
			err = -EINVAL;
		free(entries[i]);
	}
	free(entries);
	return err;
}

void needs_lessons(const struct needs *needs, const struct probe *probe, char *text, size_t size)
{
	size_t len = 0;
	int i, n = 0;

	*text = '\0';
	for (i = 0; i < needs->count; i++) {
		if (needs->need[i].probe != probe)
			continue;
		n++;
		if (len < size)
			len += (size_t)snprintf(text + len, size - len, "%s%s", len ? " " : "",
						needs->need[i].lesson);
	}
	if (n > 1 && n == needs->lessons)
		snprintf(text, size, "all");
}
