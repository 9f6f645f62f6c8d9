// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The report, for people. */
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "log.h"

#define INDENT 26 /* of what belongs to the line above */

void doctor_append(char *text, size_t size, const char *word)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, "%s%s", len ? ", " : "", word);
}

/* Without what would upset a terminal. */
static void print_clean(const char *text)
{
	for (; *text; text++)
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
	putchar('\n');
}

static void print_text(struct doctor *doctor, const struct finding *finding)
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

void doctor_report(struct doctor *doctor, const struct finding *finding)
{
	if (finding->works <= 0 && finding->basic)
		doctor_append(doctor->missing, sizeof(doctor->missing), finding->name);
	if (doctor->json)
		doctor_json(finding);
	else if (log_shows(LOG_LEVEL_INFO))
		print_text(doctor, finding);
	doctor->group = finding->group;
}

void doctor_conclude(const struct doctor *doctor)
{
	struct finding all = {
		.group = "summary",
		.name = "basic",
		.works = !*doctor->missing,
		.lessons = "",
	};

	snprintf(all.text, sizeof(all.text), "%s", doctor->missing);
	if (all.works)
		snprintf(all.text, sizeof(all.text), "the basic lessons can run");
	if (doctor->json)
		doctor_json(&all);
	else if (!all.works)
		pr_err("the basic lessons cannot run here: see %s above", doctor->missing);
	else if (log_shows(LOG_LEVEL_INFO))
		printf("\nThe basic lessons can run here.\n");
}
