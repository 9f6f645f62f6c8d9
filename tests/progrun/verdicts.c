/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdicts.h"
#include "xdp_stats_kern_user.h"

#define TEXT_MAX 1024

static void bad_line(const char *path, int line)
{
	printf("# cannot understand '%s', line %d\n", path, line);
	exit(1);
}

/* The number of the verdict @name, and the interface that may stand behind it;
 * -2 if there is none of that name.
 */
static int verdict_number(char *name, unsigned int *ifindex)
{
	char *colon = strchr(name, ':'), rest;
	__u32 action;

	*ifindex = 0;
	if (colon && (sscanf(colon, ":%u", ifindex) != 1 || !*ifindex))
		return -2;
	if (colon)
		*colon = '\0';
	if (!strcmp(name, "-"))
		return NO_VERDICT;
	for (action = 0; action < XDP_ACTION_MAX; action++)
		if (!strcmp(name, action2str(action)))
			return action;
	/* A program that returns what is no action: the number */
	if (sscanf(name, "%u%c", &action, &rest) == 1 && action >= XDP_ACTION_MAX &&
	    action <= INT_MAX)
		return (int)action;
	return -2;
}

/* One verdict, or two that take turns. Returns 0 or -1. */
static int read_verdict(char *name, struct verdict_row *row)
{
	char *slash = strchr(name, '/');
	unsigned int none;

	if (slash)
		*slash = '\0';
	row->verdict = verdict_number(name, &row->ifindex);
	row->turn = slash ? verdict_number(slash + 1, &none) : row->verdict;
	return row->verdict < NO_VERDICT || row->turn < NO_VERDICT ? -1 : 0;
}

/* What the next rows are about: each of these, however it is prepared. */
struct heading {
	char programs[TEXT_MAX];
	char prepared[TEXT_MAX]; /* names, or empty */
};

/* Is that what @text says? 0; else -1. */
static int read_heading(const char *text, struct verdict_row *row, struct heading *heading)
{
	int used = 0;

	if (sscanf(text, " object %63s", row->object) == 1) {
		heading->prepared[0] = '\0';
		return 0;
	}
	sscanf(text, " prepare %n", &used);
	if (used) {
		snprintf(heading->prepared, TEXT_MAX, "%s", text + used);
		return 0;
	}
	sscanf(text, " program %n", &used);
	if (!used)
		return -1;
	snprintf(heading->programs, TEXT_MAX, "%s", text + used);
	return 0;
}

/* 1: *@row is a row, 0: the line says something else, -1: it makes no sense. */
static int read_line(const char *text, struct verdict_row *row, struct heading *heading)
{
	char verdict[NAME_MAX_LEN + 1], counter[NAME_MAX_LEN + 1], more;
	int fields;

	if (text[strspn(text, " \t")] == '\0' || !read_heading(text, row, heading))
		return 0;
	row->map[0] = '\0';
	fields = sscanf(text, "%63s %511s %63s %63s %63s %c", row->fixture, row->packets, verdict,
			row->output, counter, &more);
	if (fields == 5)
		fields = sscanf(counter, "%63[^:]:%u", row->map, &row->key) * 2;
	if (fields != 4)
		return -1;
	return read_verdict(verdict, row) || !row->object[0] ? -1 : 1;
}

static int add_row(struct verdict_table *table, const struct verdict_row *row)
{
	table->row = realloc(table->row, (table->count + 1) * sizeof(*row));
	if (!table->row)
		return -1;
	table->row[table->count++] = *row;
	return 0;
}

/* The row, once for each program and preparation. Returns 0 or -1. */
static int add_rows(struct verdict_table *table, struct verdict_row *row,
		    const struct heading *heading)
{
	const char *program = heading->programs, *prepared;
	int before = table->count, used, err = 0;

	while (sscanf(program, " %63s%n", row->program, &used) == 1) {
		program += used;
		prepared = heading->prepared;
		row->prepare[0] = '\0';
		if (!*prepared)
			err |= add_row(table, row);
		while (sscanf(prepared, " %63s%n", row->prepare, &used) == 1) {
			prepared += used;
			err |= add_row(table, row);
		}
	}
	return err || table->count == before ? -1 : 0;
}

struct verdict_table verdicts_read(const char *path)
{
	struct heading heading = { 0 };
	char text[TEXT_MAX];
	struct verdict_table table = { 0 };
	struct verdict_row row = { 0 };
	FILE *file = fopen(path, "r");
	int kind;

	while (file && fgets(text, sizeof(text), file)) {
		row.line++;
		text[strcspn(text, "#\n")] = '\0';
		kind = read_line(text, &row, &heading);
		if (kind < 0 || (kind && add_rows(&table, &row, &heading)))
			bad_line(path, row.line);
	}
	if (!table.count)
		bad_line(path, 0);
	fclose(file);
	return table;
}

int verdicts_match(const struct verdict_row *row, __u32 number)
{
	const char *text = row->packets;
	unsigned int first, last;
	int used;

	if (!strcmp(text, "*"))
		return 1;
	while (sscanf(text, "%u%n", &first, &used) == 1) {
		last = first;
		text += used;
		if (*text == '-' && sscanf(text, "-%u%n", &last, &used) == 1)
			text += used;
		if (number >= first && number <= last)
			return 1;
		if (*text++ != ',')
			return 0;
	}
	return 0;
}
