/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdicts.h"
#include "xdp_stats_kern_user.h"

static void bad_line(const char *path, int line)
{
	printf("Bail out! cannot understand '%s', line %d\n", path, line);
	exit(1);
}

/* The number of the verdict @name; -2 if there is none of that name. */
static int verdict_number(const char *name)
{
	__u32 action;

	if (!strcmp(name, "-"))
		return NO_VERDICT;
	for (action = 0; action < XDP_ACTION_MAX; action++)
		if (!strcmp(name, action2str(action)))
			return action;
	return -2;
}

/* 1: *@row is a row. 0: the line says what the next rows are about, or
 * nothing. -1: it makes no sense.
 */
static int read_line(const char *text, struct verdict_row *row)
{
	char word[4][512];
	int n = sscanf(text, "%511s %511s %511s %511s", word[0], word[1],
		       word[2], word[3]);

	if (n <= 0)
		return 0;
	for (int i = 0; i < n; i++)
		if (i != 1 && strlen(word[i]) > NAME_MAX_LEN)
			return -1;
	if (n == 2 && strlen(word[1]) <= NAME_MAX_LEN) {
		if (!strcmp(word[0], "object"))
			strcpy(row->object, word[1]);
		else if (!strcmp(word[0], "program"))
			strcpy(row->program, word[1]);
		else
			return -1;
		return 0;
	}
	if (n != 4 || !row->object[0] || !row->program[0])
		return -1;
	strcpy(row->fixture, word[0]);
	strcpy(row->packets, word[1]);
	row->verdict = verdict_number(word[2]);
	strcpy(row->output, word[3]);
	return row->verdict < NO_VERDICT ? -1 : 1;
}

struct verdict_table verdicts_read(const char *path)
{
	struct verdict_table table = { 0 };
	struct verdict_row row = { 0 };
	FILE *file = fopen(path, "r");
	char text[1024];

	while (file && fgets(text, sizeof(text), file)) {
		row.line++;
		text[strcspn(text, "#\n")] = '\0';
		switch (read_line(text, &row)) {
		case 0:
			continue;
		case -1:
			bad_line(path, row.line);
		}
		table.row = realloc(table.row,
				    (table.count + 1) * sizeof(row));
		if (!table.row)
			bad_line(path, row.line);
		table.row[table.count++] = row;
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
