// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * How many packets are due by now, and when the next ones are. The schedule is a line,
 * and not a distance from one frame to the next: a sleep that took too long makes the
 * next burst longer, and not the rate lower.
 */
#include <float.h>

#include "packets/schedule.h"

#define TICK_MAX 0.001
#define TICK_MIN 0.0001 /* to sleep and to call takes a third of that */
#define BURST 64 /* packets that no ring is too small for */
#define LAG_MAX 1.0 /* what is later than this is given up */
#define CALL_MIN 0.01 /* how long a call should take */
#define CALL_MAX 0.04 /* a signal waits for its end */
#define CHUNK_MIN 64
#define CHUNK_MAX (1U << 24)

static double least(double a, double b)
{
	return a < b ? a : b;
}

static double most(double a, double b)
{
	return a > b ? a : b;
}

void schedule_begin(struct schedule *schedule, const struct schedule_opts *opts, double now)
{
	*schedule = (struct schedule){
		.pps = opts->pps,
		.zero = now,
		.end = opts->duration ? now + opts->duration : DBL_MAX,
		.limit = opts->count ? opts->count : DBL_MAX,
		.chunk = CHUNK_MIN,
	};
	if (opts->pps)
		schedule->tick = least(TICK_MAX, most(TICK_MIN, BURST / opts->pps));
}

unsigned int schedule_due(struct schedule *schedule, double now, double sent)
{
	double due, left = least(schedule->limit - sent, schedule->chunk);

	if (!schedule->pps)
		return now < schedule->end ? (unsigned int)left : 0;
	if (now - schedule->zero > sent / schedule->pps + LAG_MAX)
		schedule->zero = now - LAG_MAX - sent / schedule->pps;
	/* The first one at once, and none at the end: so many it is then. */
	if (now < schedule->end)
		due = (now - schedule->zero) * schedule->pps + 1;
	else
		due = (schedule->end - schedule->zero) * schedule->pps + 0.5;
	due -= sent;
	return due < 1 ? 0 : (unsigned int)least(due, left);
}

double schedule_next(const struct schedule *schedule, double now, double sent)
{
	double next = schedule->zero + sent / schedule->pps;

	return least(schedule->end, most(next, now + schedule->tick));
}

bool schedule_is_over(const struct schedule *schedule, double now, double sent)
{
	return sent >= schedule->limit || now >= schedule->end;
}

void schedule_learn(struct schedule *schedule, unsigned int count, double seconds)
{
	if (seconds > CALL_MAX && schedule->chunk > CHUNK_MIN)
		schedule->chunk /= 2;
	else if (seconds < CALL_MIN && count == schedule->chunk && schedule->chunk < CHUNK_MAX)
		schedule->chunk *= 2;
}
