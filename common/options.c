// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The command line, read with getopt_long() from a table of option lines: values,
 * the --help text, parsing.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "options.h"

#define VERSION "0.1"
#define HELP_COLUMN 30
#define OPTIONS_MAX 64
/* getopt's value for table line i; letters and '?' stay below. */
#define LINE_VALUE(i) (0x100 + (i))

/* Whether an option of this type is followed by a value. */
static bool takes_value(const struct option_line *line)
{
	switch (line->type) {
	case OPTION_STRING:
	case OPTION_STRINGS:
	case OPTION_UINT:
	case OPTION_SECONDS:
	case OPTION_IFNAME:
	case OPTION_MAC:
	case OPTION_ADDR:
	case OPTION_GONE:
		return true;
	default:
		return false;
	}
}

static int bad_value(const struct option_line *line, const char *text, const char *expected)
{
	pr_err("bad value '%s' for --%s: %s", text, line->name, expected);
	return -EINVAL;
}

/* The whole of @text as a number without sign, decimal or 0x hexadecimal. */
static int parse_uint(const char *text, unsigned long long *number)
{
	int base = text[0] == '0' && tolower((unsigned char)text[1]) == 'x' ? 16 : 10;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*number = strtoull(text, &end, base);
	return errno || *end ? -EINVAL : 0;
}

static int store_uint(const struct option_line *line, const char *text, unsigned int *member)
{
	unsigned long long number;

	if (parse_uint(text, &number) || (double)number < line->min || (double)number > line->max) {
		pr_err("bad value '%s' for --%s: not a whole number from %.0f to %.0f", text,
		       line->name, line->min, line->max);
		return -EINVAL;
	}
	*member = (unsigned int)number;
	return 0;
}

static int store_seconds(const struct option_line *line, const char *text, double *member)
{
	double number;
	char *end;

	number = strtod(text, &end);
	if (end == text || *end || isspace((unsigned char)*text) || !isfinite(number) ||
	    number < line->min || number > line->max) {
		pr_err("bad value '%s' for --%s: not a number of seconds from %g to %g", text,
		       line->name, line->min, line->max);
		return -EINVAL;
	}
	*member = number;
	return 0;
}

static int store_ifname(const struct option_line *line, const char *text, struct netif *member)
{
	int err = netif_find(text, member);

	if (err == -EINVAL)
		return bad_value(line, text, "no interface can have this name");
	if (err == -ENODEV)
		return bad_value(line, text, "no such interface (ip link lists them)");
	if (err)
		return bad_value(line, text, strerror(-err));
	return 0;
}

/* A program id. Without @text the option was given, but no id with it. */
static int store_id(const struct option_line *line, const char *text, struct attach_id *member)
{
	unsigned long long number = 0;

	if (text && (parse_uint(text, &number) || !number || number > UINT_MAX))
		return bad_value(line, text, "not a program id");
	member->given = true;
	member->id = (unsigned int)number;
	return 0;
}

static int store_strings(const struct option_line *line, const char *text,
			 struct option_strings *member)
{
	if (!*text)
		return bad_value(line, text, "must not be empty");
	if (member->count == OPTION_STRINGS_MAX)
		return bad_value(line, text, "there are 16 of them already");
	member->at[member->count++] = text;
	return 0;
}

/* Store the value of @text, which is NULL for an option without one. */
static int store_value(const struct option_line *line, const char *text, void *values)
{
	void *member = (char *)values + line->offset;

	switch (line->type) {
	case OPTION_FLAG:
	case OPTION_ALONE:
		*(bool *)member = true;
		return 0;
	case OPTION_CONST:
		*(int *)member = line->value;
		return 0;
	case OPTION_STRING:
		if (!*text)
			return bad_value(line, text, "must not be empty");
		*(const char **)member = text;
		return 0;
	case OPTION_STRINGS:
		return store_strings(line, text, member);
	case OPTION_UINT:
		return store_uint(line, text, member);
	case OPTION_SECONDS:
		return store_seconds(line, text, member);
	case OPTION_IFNAME:
		return store_ifname(line, text, member);
	case OPTION_MAC:
		return netif_parse_mac(text, member) ?
			       bad_value(line, text, "not a MAC address like 02:00:00:00:00:01") :
			       0;
	case OPTION_ADDR:
		return netif_parse_addr(text, member) ?
			       bad_value(line, text, "not an IPv4 or IPv6 address") :
			       0;
	case OPTION_ID:
		return store_id(line, text, member);
	default:
		pr_err("--%s: %s", line->name, line->help);
		return -EINVAL;
	}
}

/* What every command can be asked for. */
struct common_values {
	bool quiet, help, version;
	int verbosity;
};

static const struct option_line every_command[] = {
	OPTION("quiet", 'q', NULL, OPTION_FLAG, struct common_values, quiet,
	       "print errors and warnings only"),
	OPTION_SET("verbose", 'v', 1, struct common_values, verbosity,
		   "show the libraries' messages; -vv: all of them"),
	OPTION("help", 'h', NULL, OPTION_ALONE, struct common_values, help, "print this text"),
	OPTION("version", 'V', NULL, OPTION_ALONE, struct common_values, version,
	       "print the version"),
	OPTIONS_END
};

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
	else if (takes_value(line))
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

	printf("Usage: %s%s%s", program_invocation_short_name, spec->command ? " " : "",
	       spec->command ? spec->command : "");
	for (line = spec->options; line->type != OPTION_END; line++)
		if (line->required)
			printf(" --%s %s", line->name, line->metavar);
	printf(" [options]%s%s\n\n%s\n", spec->args ? " " : "", spec->args ? spec->args : "",
	       spec->purpose);
}

static void print_help(const struct option_spec *spec)
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
	printf("\nExit status: %s, 2 bad option, 30 cannot attach or detach,\n"
	       "40 object, program or map failure, 77 the kernel lacks a feature.\n",
	       spec->success ? spec->success : "0 ok, 1 failure");
}

struct parser {
	const struct option_spec *spec;
	void *values;
	struct common_values common;
	const struct option_line *lines[OPTIONS_MAX]; /* by getopt value */
	bool seen[OPTIONS_MAX];
	int n_lines;
	int n_own; /* the first ones are the command's own */
	struct option longs[OPTIONS_MAX + 1];
	char letters[3 * OPTIONS_MAX + 2];
};

static int add_line(struct parser *p, const struct option_line *line)
{
	int i = p->n_lines;
	int has_arg = no_argument;
	size_t len = strlen(p->letters);

	if (i == OPTIONS_MAX) {
		pr_err("more than %d options in the table", OPTIONS_MAX);
		return -EINVAL;
	}
	if (line->type == OPTION_ID)
		has_arg = optional_argument;
	else if (takes_value(line))
		has_arg = required_argument;
	p->lines[i] = line;
	p->longs[i] = (struct option){ line->name, has_arg, NULL, LINE_VALUE(i) };
	if (line->letter)
		snprintf(p->letters + len, sizeof(p->letters) - len, "%c%.*s", line->letter,
			 has_arg, "::");
	p->n_lines++;
	return 0;
}

/* Give getopt the command's own lines and those that every command has. */
static int add_lines(struct parser *p)
{
	const struct option_line *line;
	int err = 0;

	/* A leading ':' makes getopt tell a missing value from a bad option. */
	strcpy(p->letters, ":");
	for (line = p->spec->options; !err && line->type != OPTION_END; line++)
		err = add_line(p, line);
	p->n_own = p->n_lines;
	for (line = every_command; !err && line->type != OPTION_END; line++)
		err = add_line(p, line);
	return err;
}

static int line_of(const struct parser *p, int value)
{
	int i;

	for (i = 0; i < p->n_lines; i++)
		if (value == LINE_VALUE(i) || (value && value == p->lines[i]->letter))
			return i;
	return -1;
}

/* What getopt could not make sense of. */
static int bad_option(const struct parser *p, int got, char **argv)
{
	int i = line_of(p, optopt);

	if (got == ':')
		pr_err("option --%s needs a value", p->lines[i]->name);
	else if (optopt >= 0x100)
		pr_err("option --%s takes no value", p->lines[i]->name);
	else if (optopt)
		pr_err("unknown option '-%c'", optopt);
	else
		pr_err("unknown or ambiguous option '%s'", argv[optind - 1]);
	return -EINVAL;
}

static int store_option(struct parser *p, int i, int argc, char **argv)
{
	const struct option_line *line = p->lines[i];
	const char *text = optarg;

	/* getopt finds an optional value only if it is glued to its option. */
	if (line->type == OPTION_ID && !text && optind < argc && argv[optind][0] != '-')
		text = argv[optind++];
	p->seen[i] = true;
	if (i < p->n_own)
		return store_value(line, text, p->values);
	if (line->letter == 'v') {
		p->common.verbosity++;
		return 0;
	}
	return store_value(line, text, &p->common);
}

static int read_options(struct parser *p, int argc, char **argv)
{
	int got, err;

	optind = 0; /* GNU: start afresh, also in a second call */
	opterr = 0;
	while ((got = getopt_long(argc, argv, p->letters, p->longs, NULL)) != -1) {
		if (got == '?' || got == ':')
			return bad_option(p, got, argv);
		err = store_option(p, line_of(p, got), argc, argv);
		if (err)
			return err;
	}
	return 0;
}

static int check_required(const struct parser *p)
{
	int i;

	for (i = 0; i < p->n_lines; i++)
		if (p->seen[i] && p->lines[i]->type == OPTION_ALONE)
			return 0;
	for (i = 0; i < p->n_lines; i++)
		if (p->lines[i]->required && !p->seen[i]) {
			pr_err("missing --%s %s", p->lines[i]->name, p->lines[i]->metavar);
			return -EINVAL;
		}
	return 0;
}

static int check_operands(int argc, char **argv, int *first_arg)
{
	if (first_arg)
		*first_arg = optind;
	else if (optind < argc) {
		pr_err("unexpected argument '%s'", argv[optind]);
		return -EINVAL;
	}
	return 0;
}

enum exit_status options_status(int err)
{
	if (err == -EINVAL)
		return EXIT_FAIL_OPTION;
	return err < 0 ? EXIT_FAIL : EXIT_OK;
}

int options_parse(const struct option_spec *spec, int argc, char **argv, void *values,
		  int *first_arg)
{
	struct parser p = { .spec = spec, .values = values };
	int err;

	log_init(LOG_LEVEL_INFO);
	err = add_lines(&p);
	if (!err)
		err = read_options(&p, argc, argv);
	if (!err && p.common.help) {
		print_help(spec);
		return output_flush() ?: OPTIONS_DONE;
	}
	if (!err && p.common.version) {
		printf("%s %s\n", program_invocation_short_name, VERSION);
		return output_flush() ?: OPTIONS_DONE;
	}
	if (!err)
		err = check_required(&p);
	if (!err)
		err = check_operands(argc, argv, first_arg);
	if (err) {
		fprintf(stderr, "see %s --help\n", program_invocation_short_name);
		return err;
	}
	if (p.common.verbosity)
		log_init(LOG_LEVEL_INFO + p.common.verbosity);
	else if (p.common.quiet)
		log_init(LOG_LEVEL_WARN);
	return 0;
}
