// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Tables of cases, line by line, whatever is in a line. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "log.h"

bool cases_chosen(const char *name, const struct option_strings *only)
{
	int i;

	for (i = 0; i < only->count; i++)
		if (!fnmatch(only->at[i], name, 0))
			return true;
	return !only->count;
}

int cases_table(const char *path, int fields, cases_reader *read, void *arg)
{
	FILE *file = fopen(path, "re");
	int number = 0, err = 0;
	char line[512];

	if (!file) {
		pr_err("cannot open '%s': %s", path, strerror(errno));
		return -EINVAL;
	}
	while (!err && fgets(line, sizeof(line), file)) {
		number++;
		if (*line != '#' && *line != '\n')
			err = read(arg, line);
	}
	fclose(file);
	if (err != 1)
		return err;
	pr_err("bad line %d of the table of cases: not %d fields", number, fields);
	return -EINVAL;
}
