// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Round by round, each row for a moment; and what comes of it. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sock.h"

/* All figures are doubles, one behind the other. */
#define FIGURES (sizeof(struct sock_figures) / sizeof(double))

static const struct sock_figures unknown = { -1, -1, -1, -1, -1, -1, -1 };

static double figure(const struct sock_figures *of, size_t i)
{
	return ((const double *)of)[i];
}

/* What the row is about. */
static double about(const struct sock_row *row, const struct sock_figures *of)
{
	return row->measure == sock_measure_rtt ? of->p50 :
	       row->measure == sock_measure_cpu ? of->cpu :
						  of->mpps;
}

static void find_median(struct sock_row *row, unsigned int rounds, double *work)
{
	double *median = (double *)&row->median;
	unsigned int round;
	size_t i;

	for (i = 0; i < FIGURES; i++) {
		for (round = 0; round < rounds; round++)
			work[round] = figure(&row->at[round], i);
		median[i] = rounds_median(work, rounds);
	}
	/* What happens seldom does not disappear in the middle. */
	for (round = 0; round < rounds; round++) {
		if (row->at[round].max > row->median.max)
			row->median.max = row->at[round].max;
		if (row->at[round].left > row->median.left)
			row->median.left = row->at[round].left;
	}
}

static void find_best(struct sock_row *row, unsigned int rounds)
{
	bool more = row->measure != sock_measure_rtt && row->measure != sock_measure_cpu;
	unsigned int round;

	row->best = about(row, &row->at[0]);
	for (round = 1; round < rounds; round++) {
		double one = about(row, &row->at[round]);

		if (more ? one > row->best : one < row->best)
			row->best = one;
	}
}

/* The figure that a goal speaks of, or the median of ratios within a round. */
static double reach(const struct sock_bench *bench, const struct sock_row *row, const char *of,
		    double *work)
{
	const struct sock_row *base = sock_row_find(bench->rows, of);
	unsigned int i;

	if (!base)
		return !strcmp(of, "p99") ? row->median.p99 : about(row, &row->median);
	if (!base->chosen)
		return 0;
	for (i = 0; i < bench->rates.rounds; i++)
		work[i] = about(row, &row->at[i]) / about(base, &base->at[i]);
	return rounds_median(work, bench->rates.rounds);
}

static void conclude(struct sock_bench *bench, double *work)
{
	struct sock_row *row;
	int i;

	for (row = bench->rows; row->name; row++) {
		if (!row->chosen)
			continue;
		find_median(row, bench->rates.rounds, work);
		find_best(row, bench->rates.rounds);
	}
	for (row = bench->rows; row->name; row++)
		for (i = 0; row->chosen && i < SOCK_GOALS && row->goals[i].of; i++)
			row->reached[i] = reach(bench, row, row->goals[i].of, work);
}

static int allocate(struct sock_bench *bench)
{
	struct sock_row *row;
	unsigned int i;

	for (row = bench->rows; row->name; row++) {
		row->at = calloc(bench->rates.rounds, sizeof(*row->at));
		if (!row->at)
			return -ENOMEM;
		for (i = 0; i < bench->rates.rounds; i++)
			row->at[i] = unknown;
	}
	return 0;
}

int sock_rounds_run(struct sock_bench *bench)
{
	double *work = calloc(bench->rates.rounds, sizeof(*work));
	int err = work ? allocate(bench) : -ENOMEM;
	struct machine_use before, after;
	struct sock_row *row;
	unsigned int round;

	machine_look(&before);
	for (round = 0; !err && round < bench->rates.rounds; round++)
		for (row = bench->rows; !err && row->name; row++)
			if (row->chosen)
				err = row->measure(bench, row, round);
	machine_look(&after);
	bench->rates.foreign = machine_foreign(&before, &after);
	if (!err)
		conclude(bench, work);
	free(work);
	return err;
}
