/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdicts.h"

static void bad_line(const char *path, int line)
{
	printf("# cannot understand '%s', line %d\n", path, line);
	exit(1);
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
		    const struct verdict_heading *heading)
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
	struct verdict_heading heading = { 0 };
	char text[FIXTURE_TEXT_MAX];
	struct verdict_table table = { 0 };
	struct verdict_row row = { 0 };
	FILE *file = fopen(path, "r");
	int kind;

	while (file && fgets(text, sizeof(text), file)) {
		row.line++;
		text[strcspn(text, "#\n")] = '\0';
		kind = verdict_parse(text, &heading, &row);
		if (kind < 0 || (kind && add_rows(&table, &row, &heading)))
			bad_line(path, row.line);
	}
	if (!table.count)
		bad_line(path, 0);
	fclose(file);
	return table;
}
