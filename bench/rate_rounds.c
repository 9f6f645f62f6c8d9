// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Round by round, each case for a moment. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rate.h"

#define WARM 200 /* frames before a measurement */

/* From where the sender is at work, so long as a round is. */
static int watch(const struct rates *rates, const struct rate_case *one, pid_t pid,
		 struct rate_count *from, struct rate_count *to)
{
	double whole = (double)(time_t)rates->seconds;
	const struct timespec time = {
		.tv_sec = (time_t)whole,
		.tv_nsec = (long)((rates->seconds - whole) * 1e9),
	};
	int err = rate_count(&rates->lab, one, pid, from);

	if (!err)
		err = rate_wait(&rates->lab, one, pid, from, WARM);
	if (!err)
		err = rate_count(&rates->lab, one, pid, from);
	if (err)
		return err;
	nanosleep(&time, NULL);
	/* Nothing so far: the sender has not come to it. */
	err = rate_wait(&rates->lab, one, pid, from, 1);
	return err ? err : rate_count(&rates->lab, one, pid, to);
}

int rate_measure(struct rates *rates, struct rate_case *one, unsigned int round)
{
	int err = rate_ends_attach(&rates->lab.recv, one->fd);
	struct rate_count from, to;
	double received, arrived;
	int stopped;
	pid_t pid;

	if (!err)
		err = rate_send_start(one, &rates->lab, &pid);
	if (err)
		return err;
	err = watch(rates, one, pid, &from, &to);
	stopped = rate_send_stop(one, pid);
	if (err || stopped)
		return err ? err : stopped;
	/* The two are counted one after the other: some came in between. */
	received = (double)(to.received - from.received);
	arrived = (double)(to.arrived - from.arrived);
	if (arrived < received)
		one->lost[round] = 100 * (1 - arrived / received);
	one->rates[round] = arrived / (to.seconds - from.seconds) / 1e6;
	return 0;
}

/* The median of the ratios within a round. */
static double ratio(const struct rates *rates, const struct rate_case *one,
		    const struct rate_case *base, double *work)
{
	unsigned int i;

	if (!base)
		return 0;
	for (i = 0; i < rates->rounds; i++)
		work[i] = one->rates[i] / base->rates[i];
	return rounds_median(work, rates->rounds);
}

static void conclude(const struct rates *rates, struct rate_case *one, double *work)
{
	const char *forward = rate_frame_is_ipv6(one->kind) ? "forward6" : "forward4";
	struct rate_goal *goal;

	one->of_drop = ratio(rates, one, rate_cases_find(rates, "drop"), work);
	one->of_forward = ratio(rates, one, rate_cases_find(rates, forward), work);
	for (goal = one->goals; goal < one->goals + one->n_goals; goal++)
		goal->reached = ratio(rates, one, rate_cases_find(rates, goal->base), work);
	memcpy(work, one->rates, rates->rounds * sizeof(*work));
	one->mpps = rounds_median(work, rates->rounds);
	memcpy(work, one->lost, rates->rounds * sizeof(*work));
	one->lost_percent = rounds_median(work, rates->rounds);
}

static int allocate(struct rates *rates)
{
	struct rate_case *one;

	for (one = rates->cases; one < rates->cases + rates->count; one++) {
		one->rates = calloc(rates->rounds, sizeof(double));
		one->lost = calloc(rates->rounds, sizeof(double));
		if (!one->rates || !one->lost)
			return -ENOMEM;
	}
	return 0;
}

int rate_rounds_run(struct rates *rates)
{
	double *work = calloc(rates->rounds, sizeof(*work));
	int i, err = work ? allocate(rates) : -ENOMEM;
	struct machine_use before, after;
	unsigned int round;

	machine_look(&before);
	for (round = 0; !err && round < rates->rounds; round++)
		for (i = 0; !err && i < rates->count; i++)
			err = rate_measure(rates, &rates->cases[i], round);
	machine_look(&after);
	rates->foreign = machine_foreign(&before, &after);
	for (i = 0; !err && i < rates->count; i++)
		conclude(rates, &rates->cases[i], work);
	free(work);
	return err;
}
