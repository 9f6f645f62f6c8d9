// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The table of cases, and the peers that are measured beside them. */
#define _GNU_SOURCE
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "log.h"

#define FIXTURES "tests/packets"

struct bench_case *cases_add(struct bench *bench)
{
	size_t count = (size_t)bench->count + 1;
	struct bench_case *cases = realloc(bench->cases, count * sizeof(*cases));

	if (!cases)
		return NULL;
	bench->cases = cases;
	cases += bench->count++;
	*cases = (struct bench_case){ .goal = -1 };
	return cases;
}

/* A pattern that fits nothing is a mistake. */
static int check_chosen(const struct bench *bench, const struct option_strings *only)
{
	int i, j;

	for (i = 0; i < only->count; i++) {
		for (j = 1; j < bench->count; j++)
			if (!fnmatch(only->at[i], bench->cases[j].name, 0))
				break;
		if (j < bench->count)
			continue;
		pr_err("there is no case '%s'", only->at[i]);
		return -EINVAL;
	}
	return 0;
}

void cases_split(struct bench_case *one)
{
	char *slash = strchr(one->program, '/');

	if (!slash)
		return;
	*slash = '\0';
	one->prepared = slash + 1;
}

struct reading {
	struct bench *bench;
	const struct bench_opts *opts;
	const char *top;
};

/* A case, unless it was not chosen. */
static int read_case(void *arg, const char *line)
{
	const struct reading *reading = arg;
	char *name = NULL, *object = NULL, *program = NULL, *packet = NULL;
	char *goal = NULL, *text = NULL, folder[PATH_MAX + sizeof(FIXTURES)];
	struct bench_case *one;
	int err = 0;

	if (sscanf(line, "%ms %ms %ms %ms %ms %m[^\n]", &name, &object, &program, &packet, &goal,
		   &text) != 6) {
		err = 1;
	} else if (cases_chosen(name, &reading->opts->only)) {
		one = cases_add(reading->bench);
		err = one ? 0 : -ENOMEM;
	} else {
		goto free;
	}
	if (!err && asprintf(&one->object, "%s/%s", reading->top, object) < 0)
		err = -ENOMEM;
	if (!err) {
		snprintf(folder, sizeof(folder), "%s/" FIXTURES, reading->top);
		err = packet_read(&one->packet, folder, packet);
		one->name = name;
		one->program = program;
		one->text = text;
		cases_split(one);
		if (strcmp(goal, "-"))
			one->goal = strtod(goal, NULL);
		name = program = text = NULL;
	}
free:
	free(name);
	free(object);
	free(program);
	free(packet);
	free(goal);
	free(text);
	return err;
}

int cases_read(struct bench *bench, const struct bench_opts *opts)
{
	char top[PATH_MAX], path[PATH_MAX + sizeof("/bench/cases")];
	struct reading reading = { bench, opts, top };
	int err = machine_top(top, sizeof(top));

	if (!err && !cases_add(bench))
		err = -ENOMEM;
	snprintf(path, sizeof(path), "%s/bench/cases", top);
	if (!err)
		err = cases_table(opts->cases ? opts->cases : path, 6, read_case, &reading);
	if (!err)
		err = check_chosen(bench, &opts->only);
	if (!err)
		err = peers_add(bench, opts, top);
	if (!err)
		err = empty_open(bench);
	return err;
}
