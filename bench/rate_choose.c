// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Which of the live cases are measured, and what they leave behind. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rate.h"
#include "log.h"

/* This one, and those that its goals speak of. */
static int need(const struct rates *rates, const char *name)
{
	struct rate_case *one = rate_cases_find(rates, name);
	int i, err = 0;

	if (!one) {
		pr_err("there is no case '%s', which another is compared with", name);
		return -EINVAL;
	}
	if (one->needed)
		return 0;
	one->needed = true;
	for (i = 0; !err && i < one->n_goals; i++)
		err = need(rates, one->goals[i].base);
	return err;
}

/* A pattern that fits nothing is a mistake. */
static int check(const struct rates *rates, const char *pattern)
{
	int i;

	for (i = 0; i < rates->count; i++)
		if (!fnmatch(pattern, rates->cases[i].name, 0))
			return 0;
	pr_err("there is no case '%s'", pattern);
	return -EINVAL;
}

static void close_case(struct rate_case *one)
{
	int i;

	if (!one->object && one->fd > 0)
		close(one->fd);
	attach_close(&one->at);
	live_close(&one->live);
	attach_close(&one->send);
	for (i = 0; i < one->n_goals; i++)
		free(one->goals[i].base);
	free(one->name);
	free(one->object);
	free(one->program);
	free(one->kind);
	free(one->text);
	free(one->rates);
	free(one->lost);
}

static void drop_others(struct rates *rates)
{
	int i, kept = 0;

	for (i = 0; i < rates->count; i++)
		if (rates->cases[i].needed)
			rates->cases[kept++] = rates->cases[i];
		else
			close_case(&rates->cases[i]);
	rates->count = kept;
}

int rate_choose(struct rates *rates, const struct option_strings *only)
{
	static const char *const always[] = { "drop", "forward4", "forward6" };
	size_t n = 0;
	int i, err = 0;

	for (i = 0; !err && i < only->count; i++)
		err = check(rates, only->at[i]);
	for (n = 0; !err && n < sizeof(always) / sizeof(always[0]); n++)
		err = need(rates, always[n]);
	for (i = 0; !err && i < rates->count; i++)
		if (cases_chosen(rates->cases[i].name, only))
			err = need(rates, rates->cases[i].name);
	if (!err)
		drop_others(rates);
	return err;
}

void rate_cases_close(struct rates *rates)
{
	int i;

	for (i = 0; i < rates->count; i++)
		close_case(&rates->cases[i]);
	free(rates->cases);
}
