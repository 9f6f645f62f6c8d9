// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The table of live cases, and which of them are measured. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rate.h"
#include "log.h"

#define FIELDS 7

struct reading {
	struct rates *rates;
	const char *top;
};

/* In the order of the table: a line's words, and the rest of it. */
struct fields {
	char *name, *object, *program, *way, *kind, *goals, *text;
};

static struct rate_case *add(struct rates *rates)
{
	size_t count = (size_t)rates->count + 1;
	struct rate_case *cases = realloc(rates->cases, count * sizeof(*cases));

	if (!cases)
		return NULL;
	rates->cases = cases;
	cases += rates->count++;
	*cases = (struct rate_case){ .live = { .netns = -1, .link = -1 } };
	return cases;
}

/* "drop:0.44,forward4:2.4", or "-". Cuts @text. */
static int read_goals(struct rate_case *one, char *text)
{
	struct rate_goal *goal;
	char *rest = text, *word, *colon;

	while (strcmp(text, "-") && (word = strsep(&rest, ","))) {
		colon = strchr(word, ':');
		if (!colon || one->n_goals == RATE_GOALS)
			return -EINVAL;
		goal = &one->goals[one->n_goals++];
		*colon = '\0';
		goal->base = strdup(word);
		goal->wanted = strtod(colon + 1, NULL);
		if (!goal->base)
			return -ENOMEM;
	}
	return 0;
}

static int take(struct rate_case *one, struct fields *words, const char *top)
{
	unsigned char frame[RATE_FRAME_LEN];
	const struct rate_packet any = { .dst = frame, .src = frame };
	int err;

	if (strcmp(words->object, "-") && asprintf(&one->object, "%s/%s", top, words->object) < 0)
		return -ENOMEM;
	one->name = words->name;
	one->program = words->program;
	one->kind = words->kind;
	one->text = words->text;
	words->name = words->program = words->kind = words->text = NULL;
	one->way = rate_way_find(words->way);
	err = read_goals(one, words->goals);
	if (err == -ENOMEM)
		return err;
	memset(frame, 0, sizeof(frame));
	if (!err && one->way && rate_frame_build(frame, one->kind, &any))
		return 0;
	pr_err("bad case '%s': no way '%s', no frame '%s', or bad goals", one->name, words->way,
	       one->kind);
	return -EINVAL;
}

static int read_case(void *arg, const char *line)
{
	const struct reading *reading = arg;
	struct fields words = { 0 };
	struct rate_case *one;
	int err = 1;

	if (sscanf(line, "%ms %ms %ms %ms %ms %ms %m[^\n]", &words.name, &words.object,
		   &words.program, &words.way, &words.kind, &words.goals, &words.text) == FIELDS) {
		one = add(reading->rates);
		err = one ? take(one, &words, reading->top) : -ENOMEM;
	}
	free(words.name);
	free(words.object);
	free(words.program);
	free(words.way);
	free(words.kind);
	free(words.goals);
	free(words.text);
	return err;
}

struct rate_case *rate_cases_find(const struct rates *rates, const char *name)
{
	int i;

	for (i = 0; i < rates->count; i++)
		if (!strcmp(name, rates->cases[i].name))
			return &rates->cases[i];
	return NULL;
}

int rate_cases_read(struct rates *rates, const struct bench_opts *opts, const char *top)
{
	char path[PATH_MAX + sizeof("/bench/cases-live")];
	struct reading reading = { rates, top };
	int err;

	snprintf(path, sizeof(path), "%s/bench/cases-live", top);
	err = cases_table(opts->cases ? opts->cases : path, FIELDS, read_case, &reading);
	return err ? err : rate_choose(rates, &opts->only);
}
