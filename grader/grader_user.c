// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Judges an answer to an assignment by packets: see make grade. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "command.h"
#include "exit_status.h"
#include "json.h"
#include "judge.h"
#include "log.h"
#include "options.h"

#define EXIT_LAST_HINT 3 /* failed, and there are no more hints */

struct grader_opts {
	const char *packets;
	unsigned int hints;
	bool json;
};

static const struct option_line options[] = {
	OPTION("packets", 0, "FOLDER", OPTION_STRING, struct grader_opts, packets,
	       "where the packets are (default: tests/packets)"),
	OPTION_RANGE("hints", 0, "N", OPTION_UINT, struct grader_opts, hints, 1, CHECK_HINTS_MAX,
		     "hints to show for the first check that fails (default 1)"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct grader_opts, json,
	       "print one JSON object a check instead of text"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose =
		"Run the packets of ASSIGNMENT/checks.txt through the programs in folder ANSWER,\n"
		"and print a line a check; for the first that fails, why, and a hint.",
	.success = "0 all passed, 1 some failed, or failure, 3 some failed, no more hints",
	.args = "ASSIGNMENT ANSWER",
	.options = options,
};

/* @code where somebody looks, and has not asked for none (no-color.org). */
static const char *colour(const char *code)
{
	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR") ? code : "";
}

static void print_hints(const struct check *check, unsigned int most)
{
	for (int i = 0; i < check->hints && i < (int)most; i++)
		printf("        hint: %s\n", check->hint[i]);
}

static void print_json(const struct check *check, bool good, const char *why, unsigned int hints)
{
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	json_text(&json, "check", check->title);
	json_member(&json, "ok", good ? "true" : "false");
	json_text(&json, "why", why);
	json_open(&json, "hints", '[');
	for (int i = 0; i < check->hints && i < (int)hints; i++)
		json_text(&json, NULL, check->hint[i]);
	json_close(&json);
	json_member(&json, "more_hints", "%d",
		    good || check->hints < (int)hints ? 0 : check->hints - (int)hints);
	json_close(&json);
}

/* One check and its report. Returns 1, 0 or -errno as judge_check(). */
static int grade_check(const struct grader_opts *opts, const struct judge *judge,
		       const struct check *check, bool first_failure)
{
	char *why = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&why, &size);
	int good;

	if (!out)
		return -ENOMEM;
	good = judge_check(judge, check, out);
	fclose(out);
	if (good >= 0 && opts->json) {
		print_json(check, good, why, !good && first_failure ? opts->hints : 0);
	} else if (good >= 0) {
		printf("  %s%-4s%s  %s\n", colour(good ? "\033[32m" : "\033[31m"),
		       good ? "ok" : "FAIL", colour("\033[0m"), check->title);
		if (!good && first_failure) {
			fputs(why, stdout);
			print_hints(check, opts->hints);
		}
	}
	free(why);
	return good;
}

/* All of them. Returns how many failed, or -errno; *@more says if there are more hints. */
static int grade(const struct grader_opts *opts, const struct judge *judge,
		 const struct checks *checks, bool *more)
{
	int i, good, failed = 0;

	for (i = 0; i < checks->count; i++) {
		good = grade_check(opts, judge, &checks->check[i], !failed);
		if (good < 0)
			return good;
		if (!good && !failed)
			*more = checks->check[i].hints > (int)opts->hints;
		failed += !good;
		/* What cannot be loaded cannot be run. */
		if (!i && !good)
			break;
	}
	return output_flush() ?: failed;
}

/* Programs count by CPU, and take turns by it: all of it happens on one. */
static void stay_here(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	struct grader_opts opts = { .packets = "tests/packets", .hints = 1 };
	struct checks checks = { 0 };
	struct judge judge;
	char path[PATH_MAX];
	bool more = false;
	int err, first;

	err = options_parse(&spec, argc, argv, &opts, &first);
	if (err)
		return options_status(err);
	if (argc - first != 2) {
		pr_err("an assignment and an answer are needed, not %d folders (see --help)",
		       argc - first);
		return EXIT_FAIL_OPTION;
	}
	judge = (struct judge){ .assignment = argv[first],
				.answer = argv[first + 1],
				.packets = opts.packets };
	snprintf(path, sizeof(path), "%s/checks.txt", judge.assignment);
	stay_here();
	err = checks_read(path, &checks);
	if (!err)
		err = grade(&opts, &judge, &checks, &more);
	checks_free(&checks);
	if (err < 0)
		return EXIT_FAIL_BPF;
	return !err ? EXIT_OK : more ? EXIT_FAIL : EXIT_LAST_HINT;
}
