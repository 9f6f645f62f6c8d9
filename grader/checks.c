// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Reads an assignment's checks.txt. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "log.h"

/* The word that @text begins with: what follows it, or NULL. */
static const char *after(const char *text, const char *word)
{
	size_t len = strlen(word);

	text += strspn(text, " \t");
	if (strncmp(text, word, len) || !strchr(" \t", text[len]))
		return NULL;
	text += len;
	return text + strspn(text, " \t");
}

/* One element more at the end of @list of @count; it is zeroed. */
static void *add(void **list, int *count, size_t size)
{
	char *longer = realloc(*list, (size_t)(*count + 1) * size);

	if (!longer)
		return NULL;
	*list = longer;
	longer += (size_t)(*count)++ * size;
	memset(longer, 0, size);
	return longer;
}

static struct check *add_check(struct checks *checks, const char *title)
{
	struct check *check = add((void **)&checks->check, &checks->count, sizeof(*check));

	if (!check)
		return NULL;
	check->title = strdup(title);
	return check->title ? check : NULL;
}

static int add_hint(struct check *check, const char *text)
{
	if (check->hints == CHECK_HINTS_MAX || !*text)
		return -EINVAL;
	check->hint[check->hints] = strdup(text);
	return check->hint[check->hints++] ? 0 : -ENOMEM;
}

/* The number in @text, all of it. */
static int read_number(const char *text, unsigned long long *number)
{
	char *end;

	*number = strtoull(text, &end, 0);
	return *text && !*end ? 0 : -EINVAL;
}

/* "MAP KEY [MEMBER] VALUE" */
static int add_map(struct check *check, const char *text)
{
	struct map_row *row = add((void **)&check->map, &check->maps, sizeof(*row));
	char third[FIXTURE_NAME_MAX + 1], fourth[FIXTURE_NAME_MAX + 1], more;
	int fields;

	if (!row)
		return -ENOMEM;
	fields = sscanf(text, "%63s %191s %63s %63s %c", row->map, row->key, third, fourth, &more);
	if (fields == 4)
		strcpy(row->member, third);
	else if (fields != 3)
		return -EINVAL;
	row->none = fields == 3 && !strcmp(third, "none");
	return row->none ? 0 : read_number(fields == 4 ? fourth : third, &row->value);
}

/* "MAP N" */
static int add_entries(struct check *check, const char *text)
{
	struct map_row *row = add((void **)&check->map, &check->maps, sizeof(*row));
	char number[FIXTURE_NAME_MAX + 1], more;

	if (!row)
		return -ENOMEM;
	row->count = true;
	if (sscanf(text, "%63s %63s %c", row->map, number, &more) != 2)
		return -EINVAL;
	return read_number(number, &row->value);
}

/* "MAP TYPE" */
static int add_type(struct check *check, const char *text)
{
	struct map_row *row = add((void **)&check->map, &check->maps, sizeof(*row));
	char more;

	if (!row)
		return -ENOMEM;
	return sscanf(text, "%63s %63s %c", row->map, row->type, &more) == 2 ? 0 : -EINVAL;
}

/* One word of @list, and no more. */
static int one_word(const char *list, char *word)
{
	char more[2];

	*word = '\0';
	return sscanf(list, " %63s %1s", word, more) > 1 ? -EINVAL : 0;
}

static int add_row(struct check *check, const struct verdict_row *read,
		   const struct verdict_heading *heading)
{
	struct verdict_row *row = add((void **)&check->row, &check->rows, sizeof(*row));

	if (!row)
		return -ENOMEM;
	*row = *read;
	if (one_word(heading->programs, check->program) || !*check->program || *row->map)
		return -EINVAL;
	strcpy(check->object, row->object);
	return one_word(heading->prepared, check->prepare);
}

static int read_line(struct checks *checks, const char *text, struct verdict_heading *heading)
{
	struct check *check = &checks->check[checks->count - 1];
	struct verdict_row row = { 0 };
	const char *rest;
	int kind;

	rest = after(text, "check");
	if (rest)
		return *rest && add_check(checks, rest) ? 0 : -EINVAL;
	rest = after(text, "hint");
	if (rest)
		return add_hint(check, rest);
	rest = after(text, "map");
	if (rest)
		return add_map(check, rest);
	rest = after(text, "entries");
	if (rest)
		return add_entries(check, rest);
	rest = after(text, "type");
	if (rest)
		return add_type(check, rest);
	kind = verdict_parse(text, heading, &row);
	if (kind <= 0)
		return kind;
	/* A packet before the first check is in none. */
	return checks->count > 1 ? add_row(check, &row, heading) : -EINVAL;
}

/* What is there makes sense as a whole. */
static int check_all(struct checks *checks)
{
	for (int i = 1; i < checks->count; i++)
		if (!checks->check[i].rows || !checks->check[i].hints)
			return -EINVAL;
	if (checks->count < 2)
		return -EINVAL;
	strcpy(checks->check->object, checks->check[1].object);
	strcpy(checks->check->program, checks->check[1].program);
	strcpy(checks->check->prepare, checks->check[1].prepare);
	return 0;
}

int checks_read(const char *path, struct checks *checks)
{
	struct verdict_heading heading = { 0 };
	char text[FIXTURE_TEXT_MAX];
	FILE *file = fopen(path, "re");
	int line = 0, err = 0;

	*checks = (struct checks){ 0 };
	if (!file) {
		pr_err("cannot read '%s': %s", path, strerror(errno));
		return -EINVAL;
	}
	if (!add_check(checks, "it builds, and the verifier accepts it"))
		err = -ENOMEM;
	while (!err && fgets(text, sizeof(text), file)) {
		line++;
		text[strcspn(text, "\n")] = '\0';
		if (text[strspn(text, " \t")] == '#')
			continue;
		err = read_line(checks, text, &heading);
	}
	fclose(file);
	if (err) {
		pr_err("cannot understand '%s', line %d", path, line);
		return -EINVAL;
	}
	if (check_all(checks)) {
		pr_err("cannot understand '%s': a check has packets and a hint", path);
		return -EINVAL;
	}
	return 0;
}

void checks_free(struct checks *checks)
{
	for (int i = 0; i < checks->count; i++) {
		struct check *check = &checks->check[i];

		free(check->title);
		for (int h = 0; h < check->hints; h++)
			free(check->hint[h]);
		free(check->row);
		free(check->map);
	}
	free(checks->check);
}
