// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* How many requests fit into a moment; then round by round, and the result. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ping.h"

/* Requests. */
#define FEW 1000
#define STEP 5
#define MOST 4e8

/* Of the middle, figure by figure: they are doubles, one behind the other. */
static void find_medians(struct ping_row *row, unsigned int rounds, double *work)
{
	double *median = (double *)&row->median;
	size_t i, n = sizeof(row->median) / sizeof(double);
	unsigned int round;

	for (i = 0; i < n; i++) {
		for (round = 0; round < rounds; round++)
			work[round] = ((const double *)&row->at[round])[i];
		median[i] = rounds_median(work, rounds);
	}
	/* What happens seldom does not disappear in the middle. */
	row->median.lost = 0;
	for (round = 0; round < rounds; round++) {
		row->median.lost += row->at[round].lost;
		if (row->at[round].mpps > row->best)
			row->best = row->at[round].mpps;
	}
}

/* The figure that a goal speaks of, or the median of ratios within a round. */
static double reach(const struct ping_bench *bench, const struct ping_row *row, const char *of,
		    double *work)
{
	const struct ping_row *base = ping_row_find(bench->rows, of);
	unsigned int i;

	if (!base)
		return row->median.mpps;
	for (i = 0; i < bench->rounds; i++)
		work[i] = row->at[i].mpps / base->at[i].mpps;
	return rounds_median(work, bench->rounds);
}

static void conclude(const struct ping_bench *bench, struct ping_row *row, double *work)
{
	int i;

	find_medians(row, bench->rounds, work);
	for (i = 0; i < PING_GOALS && row->goals[i].of; i++)
		row->reached[i] = reach(bench, row, row->goals[i].of, work);
}

static int measure(const struct ping_bench *bench, const struct ping_row *row, unsigned int count,
		   struct ping_figures *at)
{
	int err = ping_lab_answer(bench, row->far);

	return err ? err : ping_child_run(bench, row, count, at);
}

/* More and more, until a few times as many fill the time. */
static int find_count(const struct ping_bench *bench, struct ping_row *row)
{
	struct ping_figures at;
	double count = FEW, fit;
	int err;

	row->count = PING_SINGLE;
	if (row->single)
		return measure(bench, row, row->count, &at);
	for (;;) {
		err = measure(bench, row, (unsigned int)count, &at);
		fit = bench->seconds * at.mpps * 1e6;
		if (err || fit < STEP * count || STEP * count > MOST)
			break;
		count *= STEP;
	}
	fit = fit < MOST ? fit : MOST;
	row->count = (unsigned int)(fit > count ? fit : count);
	return err;
}

static int prepare(struct ping_bench *bench)
{
	struct ping_row *row;
	int err = 0;

	for (row = bench->rows; !err && row->name; row++) {
		if (!row->chosen)
			continue;
		row->at = calloc(bench->rounds, sizeof(*row->at));
		err = row->at ? find_count(bench, row) : -ENOMEM;
	}
	return err;
}

int ping_rounds_run(struct ping_bench *bench)
{
	double *work = calloc(bench->rounds, sizeof(*work));
	int err = work ? prepare(bench) : -ENOMEM;
	struct machine_use before, after;
	struct ping_row *row;
	unsigned int round;

	machine_look(&before);
	for (round = 0; !err && round < bench->rounds; round++)
		for (row = bench->rows; !err && row->name; row++)
			if (row->chosen)
				err = measure(bench, row, row->count, &row->at[round]);
	machine_look(&after);
	bench->foreign = machine_foreign(&before, &after);
	for (row = bench->rows; !err && row->name; row++)
		if (row->chosen)
			conclude(bench, row, work);
	free(work);
	return err;
}
