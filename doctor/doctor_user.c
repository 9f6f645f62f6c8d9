// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What this machine can do, and what to do about the rest. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "log.h"
#include "options.h"
#include "probe/probe.h"

struct doctor_opts {
	bool json;
	bool list;
	const char *probe;
	const char *group;
};

static const struct {
	const char *name;
	void (*look)(struct doctor *doctor);
} groups[] = {
	{ "system", doctor_system },
	{ "tool", doctor_tools },
	{ "feature", doctor_features },
};

static const struct option_line options[] = {
	OPTION("json", 'j', NULL, OPTION_FLAG, struct doctor_opts, json,
	       "one JSON object a line; \"ok\" is null where it cannot be told"),
	OPTION("group", 'g', "GROUP", OPTION_STRING, struct doctor_opts, group,
	       "look at one group only: system, tool or feature"),
	OPTION("probe", 'p', "NAME", OPTION_STRING, struct doctor_opts, probe,
	       "try one kernel feature: exit 0 if it works, 77 if not"),
	OPTION("list", 0, NULL, OPTION_FLAG, struct doctor_opts, list,
	       "list the names for --probe"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Tell what this machine can do, which lessons want what it cannot, and what\n"
		   "to do about it. Exit status 0: the basic lessons can run.",
	.options = options,
};

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

/* Look at @only, or at everything and say what that means. */
static int examine(bool json, const char *only)
{
	struct doctor doctor = { .json = json };
	bool known = false;
	size_t i;

	find_tree(doctor.top, sizeof(doctor.top));
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (only && strcmp(only, groups[i].name))
			continue;
		known = true;
		groups[i].look(&doctor);
	}
	if (!known) {
		pr_err("there is no group '%s' (see --help)", only);
		return EXIT_FAIL_OPTION;
	}
	if (!only)
		doctor_conclude(&doctor);
	return output_flush() || *doctor.missing || doctor.failed ? EXIT_FAIL : EXIT_OK;
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
