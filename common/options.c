// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The command line, read with getopt_long from a table of option lines. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "options.h"
#include "options_value.h"

#define OPTIONS_MAX 64
/* getopt's value for table line i; letters and '?' stay below. */
#define LINE_VALUE(i) (0x100 + (i))

/* What every command can be asked for. */
struct common_values {
	bool quiet, help, version;
	int verbosity;
};

static const struct option_line every_command[] = {
	OPTION("quiet", 'q', NULL, OPTION_FLAG, struct common_values, quiet,
	       "print nothing but errors and warnings"),
	OPTION_SET("verbose", 'v', 1, struct common_values, verbosity,
		   "show the libraries' messages; -vv: all of them"),
	OPTION("help", 'h', NULL, OPTION_ALONE, struct common_values, help, "print this text"),
	OPTION("version", 'V', NULL, OPTION_ALONE, struct common_values, version,
	       "print the version"),
	OPTIONS_END
};

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
	else if (options_takes_value(line))
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

static int take_option(struct parser *p, int i, int argc, char **argv)
{
	const struct option_line *line = p->lines[i];
	const char *text = optarg;

	/* getopt finds an optional value only if it is glued to its option. */
	if (line->type == OPTION_ID && !text && optind < argc && argv[optind][0] != '-')
		text = argv[optind++];
	p->seen[i] = true;
	if (i < p->n_own)
		return options_store(line, text, p->values);
	if (line->letter == 'v') {
		p->common.verbosity++;
		return 0;
	}
	return options_store(line, text, &p->common);
}

static int read_options(struct parser *p, int argc, char **argv)
{
	int got, err;

	optind = 0; /* GNU: start afresh, also in a second call */
	opterr = 0;
	while ((got = getopt_long(argc, argv, p->letters, p->longs, NULL)) != -1) {
		if (got == '?' || got == ':')
			return bad_option(p, got, argv);
		err = take_option(p, line_of(p, got), argc, argv);
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
		options_help(spec, every_command);
		return output_flush() ?: OPTIONS_DONE;
	}
	if (!err && p.common.version) {
		printf("%s %s\n", program_invocation_short_name, OPTIONS_VERSION);
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
