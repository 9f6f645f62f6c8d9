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
#define LIST_INDENT 13 /* of the list of lessons */
#define WIDTH 100

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
		"lessons that need it, and the remedy; at the end, which lessons run in full, in\n"
		"part, or not at all. Exit status 0: the basic lessons can run.",
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
	if (finding->works <= 0)
		lessons_lack(&doctor->lessons, finding);
	if (doctor->json)
		print_json(finding);
	else if (log_shows(LOG_LEVEL_INFO))
		print_text(doctor, finding);
	doctor->group = finding->group;
}

/* How much of a lesson this machine can do. */
enum extent { IN_FULL, IN_PART, NOT_AT_ALL, EXTENTS };

static enum extent extent_of(const struct lesson *lesson)
{
	return lesson->cannot ? NOT_AT_ALL : *lesson->lacks ? IN_PART : IN_FULL;
}

static bool alike(const struct lesson *a, const struct lesson *b)
{
	return a->cannot == b->cannot && !strcmp(a->lacks, b->lacks);
}

/* The lessons like number @first, in lines of WIDTH columns; "all" for all of them. */
static void print_alike(const struct lessons *lessons, int first)
{
	const struct lesson *like = &lessons->lesson[first];
	int i, n = 0, column = LIST_INDENT;

	for (i = 0; i < lessons->count; i++)
		n += alike(&lessons->lesson[i], like);
	if (n == lessons->count)
		printf(" all");
	for (i = first; i < lessons->count && n < lessons->count; i++) {
		const char *name = lessons->lesson[i].name;

		if (!alike(&lessons->lesson[i], like))
			continue;
		column += strlen(name) + 1;
		if (column > WIDTH) {
			printf("\n%*s", LIST_INDENT, "");
			column = LIST_INDENT + strlen(name) + 1;
		}
		printf(" %s", name);
	}
	printf("%s%s\n", *like->lacks ? ": without " : "", like->lacks);
}

/* The lessons, those that lack the same together. */
static void print_lessons(const struct lessons *lessons)
{
	static const char *const titles[] = { "in full", "in part", "not at all" };
	const struct lesson *lesson = lessons->lesson;
	int count[EXTENTS] = { 0 }, i, first;
	enum extent extent;

	puts("\nlesson");
	for (extent = IN_FULL; extent < EXTENTS; extent++)
		for (i = 0; i < lessons->count; i++) {
			if (extent_of(&lesson[i]) != extent)
				continue;
			count[extent]++;
			for (first = 0; !alike(&lesson[first], &lesson[i]);)
				first++;
			if (first != i)
				continue;
			printf("  %-*s", LIST_INDENT - 2, titles[extent]);
			print_alike(lessons, i);
		}
	printf("\nOf %d lessons this machine runs %d in full, %d in part, %d not at all.\n",
	       lessons->count, count[IN_FULL], count[IN_PART], count[NOT_AT_ALL]);
}

static void print_lesson_json(const struct lesson *lesson)
{
	enum extent extent = extent_of(lesson);
	struct finding found = {
		.group = "lesson",
		.name = lesson->name,
		.works = extent != NOT_AT_ALL,
		.text = "in full",
		.remedy = "see what it is without",
	};

	if (extent != IN_FULL)
		snprintf(found.text, sizeof(found.text), "%swithout %.256s",
			 extent == IN_PART ? "in part, " : "", lesson->lacks);
	print_json(&found);
}

/* The end: how much of each lesson can run, and whether the basic ones can. */
static void report_summary(const struct doctor *doctor)
{
	const struct lessons *lessons = &doctor->lessons;
	int i;
	struct finding all = {
		.group = "summary",
		.name = "basic",
		.works = !*doctor->missing,
	};

	snprintf(all.text, sizeof(all.text), "%s",
		 all.works ? "the basic lessons can run" : doctor->missing);
	for (i = 0; doctor->json && i < lessons->count; i++)
		print_lesson_json(&lessons->lesson[i]);
	if (!doctor->json && lessons->count && log_shows(LOG_LEVEL_INFO))
		print_lessons(lessons);
	if (doctor->json)
		print_json(&all);
	else if (!all.works && log_shows(LOG_LEVEL_INFO))
		pr_err("the basic lessons cannot run here: see %s above", doctor->missing);
	else if (!all.works)
		pr_err("the basic lessons cannot run here: %s (without --quiet it says why)",
		       doctor->missing);
	else if (!lessons->count && log_shows(LOG_LEVEL_INFO))
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
	if (known && !only)
		report_summary(&doctor);
	lessons_free(&doctor.lessons);
	if (!known) {
		pr_err("there is no group '%s' (see --help)", only);
		return EXIT_FAIL_OPTION;
	}
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
