// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What this machine can do, and what to do about the rest: the command and its report. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "json.h"
#include "log.h"
#include "options.h"

#define INDENT 26 /* of what belongs to the line above */

struct doctor_opts {
	bool json;
	bool list;
	const char *probe;
	const char *group;
};

static const struct {
	const char *name;
	void (*examine)(struct doctor *doctor);
} groups[] = {
	{ "system", doctor_system },
	{ "tool", doctor_tools },
	{ "feature", doctor_features },
};

static const struct option_line options[] = {
	OPTION("json", 'j', NULL, OPTION_FLAG, struct doctor_opts, json,
	       "one JSON object a line; \"ok\" is null where it cannot be told"),
	OPTION("group", 'g', "GROUP", OPTION_STRING, struct doctor_opts, group,
	       "examine one group only: system, tool or feature"),
	OPTION("probe", 'p', "NAME", OPTION_STRING, struct doctor_opts, probe,
	       "try one kernel feature: exit status 0 if it works, 77 if not"),
	OPTION("list", 0, NULL, OPTION_FLAG, struct doctor_opts, list,
	       "list the features that --probe can try"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose =
		"Examine what this machine can do: the system, its tools, and the kernel's\n"
		"features, each of which is tried. For what is missing, print the reason, the\n"
		"lessons that need it, and the remedy. Exit status 0: the basic lessons can run.",
	.options = options,
};

static void print_json(const struct finding *finding)
{
	struct json json = { .out = stdout };
	char lessons[LESSONS_TEXT_MAX], *rest = lessons, *lesson;
	int works = finding->works;

	snprintf(lessons, sizeof(lessons), "%s", finding->lessons);
	json_open(&json, NULL, '{');
	json_text(&json, "group", finding->group);
	json_text(&json, "name", finding->name);
	json_member(&json, "ok", "%s", works > 0 ? "true" : works ? "null" : "false");
	json_text(&json, "value", works > 0 ? finding->text : "");
	json_text(&json, "reason", works > 0 ? "" : finding->text);
	json_open(&json, "lessons", '[');
	while ((lesson = strtok_r(rest, " ", &rest)) != NULL)
		json_text(&json, NULL, lesson);
	json_close(&json);
	json_text(&json, "remedy", works > 0 ? "" : finding->remedy);
	json_close(&json);
}

/* Without what would upset a terminal. */
static void print_clean(const char *text)
{
	for (; *text; text++)
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
	putchar('\n');
}

static void print_text(const struct doctor *doctor, const struct finding *finding)
{
	int works = finding->works;

	if (!doctor->group || strcmp(doctor->group, finding->group))
		printf("%s%s\n", doctor->group ? "\n" : "", finding->group);
	printf("  %-8s %-14s ", works > 0 ? "ok" : works ? "unknown" : "missing", finding->name);
	print_clean(finding->text);
	if (works > 0)
		return;
	if (*finding->lessons) {
		printf("%*saffects: ", INDENT, "");
		print_clean(finding->lessons);
	}
	if (*finding->remedy) {
		printf("%*sdo: ", INDENT, "");
		print_clean(finding->remedy);
	}
}

static void report(struct doctor *doctor, const struct finding *finding)
{
	size_t len = strlen(doctor->missing);

	if (finding->works <= 0 && finding->basic)
		snprintf(doctor->missing + len, sizeof(doctor->missing) - len, "%s%s",
			 len ? ", " : "", finding->name);
	if (doctor->json)
		print_json(finding);
	else if (log_shows(LOG_LEVEL_INFO))
		print_text(doctor, finding);
	doctor->group = finding->group;
}

/* The last line: whether the basic lessons can run. */
static void report_summary(const struct doctor *doctor)
{
	struct finding all = {
		.group = "summary",
		.name = "basic",
		.works = !*doctor->missing,
	};

	snprintf(all.text, sizeof(all.text), "%s",
		 all.works ? "the basic lessons can run" : doctor->missing);
	if (doctor->json)
		print_json(&all);
	else if (!all.works && log_shows(LOG_LEVEL_INFO))
		pr_err("the basic lessons cannot run here: see %s above", doctor->missing);
	else if (!all.works)
		pr_err("the basic lessons cannot run here: %s (without --quiet it says why)",
		       doctor->missing);
	else if (log_shows(LOG_LEVEL_INFO))
		printf("\nThe basic lessons can run here.\n");
}

/*
 * The tree this command was built in: the parent of the folder doctor. A copy
 * elsewhere has none, and must not take other people's files for its own.
 */
static void find_tree(char *top, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", top, size - 1);
	char *end;

	top[len > 0 ? len : 0] = '\0';
	end = strrchr(top, '/');
	if (end)
		*end = '\0';
	end = strrchr(top, '/');
	if (end && strcmp(end, "/doctor"))
		end = top;
	if (end)
		*end = '\0';
}

/* Examine the group @only, or all of them, and report what that means. */
static int examine(bool json, const char *only)
{
	struct doctor doctor = { .json = json, .report = report };
	bool known = false;
	size_t i;

	find_tree(doctor.top, sizeof(doctor.top));
	lessons_find(&doctor.lessons, doctor.top);
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (only && strcmp(only, groups[i].name))
			continue;
		known = true;
		groups[i].examine(&doctor);
	}
	lessons_free(&doctor.lessons);
	if (!known) {
		pr_err("there is no group '%s' (see --help)", only);
		return EXIT_FAIL_OPTION;
	}
	if (!only)
		report_summary(&doctor);
	return output_flush() || *doctor.missing || doctor.failed ? EXIT_FAIL : EXIT_OK;
}

static int list_probes(void)
{
	const struct probe *probe = NULL;

	while ((probe = probe_next(probe)) != NULL)
		printf("%-14s %s\n", probe->name, probe->help);
	return output_flush() ? EXIT_FAIL : EXIT_OK;
}

static int try_probe(const char *name)
{
	if (!probe_find(name)) {
		pr_err("there is no probe '%s' (see --list)", name);
		return EXIT_FAIL_OPTION;
	}
	return probe_status(probe_require(name));
}

int main(int argc, char **argv)
{
	struct doctor_opts opts = { 0 };
	int err;

	/* Else, where it is ignored, nobody can wait for a tool. */
	signal(SIGCHLD, SIG_DFL);
	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.list)
		return list_probes();
	if (opts.probe)
		return try_probe(opts.probe);
	return examine(opts.json, opts.group);
}
