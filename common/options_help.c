// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The --help text of a command, made from its table. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "options_value.h"

#define HELP_COLUMN 30

/* "  -d, --dev IFNAME            interface to work on" */
static void print_option(const struct option_line *line)
{
	char left[80];
	int len;

	if (line->type == OPTION_GONE || !*line->help)
		return;
	len = line->letter ? snprintf(left, sizeof(left), "  -%c, --%s", line->letter, line->name) :
			     snprintf(left, sizeof(left), "      --%s", line->name);
	if (line->type == OPTION_ID)
		len += snprintf(left + len, sizeof(left) - (size_t)len, " [%s]", line->metavar);
	else if (options_takes_value(line))
		len += snprintf(left + len, sizeof(left) - (size_t)len, " %s", line->metavar);
	if (len >= HELP_COLUMN)
		printf("%s\n%*s%s\n", left, HELP_COLUMN, "", line->help);
	else
		printf("%-*s%s\n", HELP_COLUMN, left, line->help);
}

static int count_required(const struct option_line *line)
{
	int count = 0;

	for (; line->type != OPTION_END; line++)
		count += line->required;
	return count;
}

static void print_usage(const struct option_spec *spec)
{
	const struct option_line *line;

	printf("Usage: %s", program_invocation_short_name);
	for (line = spec->options; line->type != OPTION_END; line++)
		if (line->required)
			printf(" --%s %s", line->name, line->metavar);
	printf(" [options]%s%s\n\n%s\n", spec->args ? " " : "", spec->args ? spec->args : "",
	       spec->purpose);
}

void options_help(const struct option_spec *spec, const struct option_line *every_command)
{
	const struct option_line *line;

	print_usage(spec);
	if (count_required(spec->options))
		printf("\nRequired options:\n");
	for (line = spec->options; line->type != OPTION_END; line++)
		if (line->required)
			print_option(line);
	printf("\nOther options:\n");
	for (line = spec->options; line->type != OPTION_END; line++)
		if (!line->required)
			print_option(line);
	for (line = every_command; line->type != OPTION_END; line++)
		print_option(line);
	printf("\nExit status: 0 ok, 1 failure, 2 bad option, 30 cannot attach or detach,\n"
	       "40 object, program or map failure, 77 the kernel lacks a feature.\n");
}
