// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The schedule. It is a line, and not a distance from one frame to the next: a
 * sleep that took too long makes the next burst longer, and not the rate lower.
 */
#include <float.h>
#include <time.h>

#include "rate.h"

#define NS_PER_SECOND 1e9
#define TICK_MAX 0.001
#define TICK_MIN 0.0001 /* to sleep and to call takes a third of that */
#define BURST 64 /* frames that no ring is too small for */
#define LAG_MAX 1.0 /* what is later than this is given up */
#define CALL_MIN 0.01 /* how long a call should take */
#define CALL_MAX 0.04 /* a signal waits for its end */
#define CHUNK_MIN 64
#define CHUNK_MAX (1U << 24)

double rate_clock(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / NS_PER_SECOND;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

static double most(double a, double b)
{
	return a > b ? a : b;
}

void rate_begin(struct rate *rate, const struct gen_opts *opts, double now)
{
	*rate = (struct rate){
		.pps = opts->rate,
		.zero = now,
		.end = opts->duration ? now + opts->duration : DBL_MAX,
		.limit = opts->count ? opts->count : DBL_MAX,
		.chunk = CHUNK_MIN,
	};
	if (opts->rate)
		rate->tick = least(TICK_MAX, most(TICK_MIN, BURST / rate->pps));
}

unsigned int rate_due(struct rate *rate, double now, double sent)
{
	double due, left = least(rate->limit - sent, rate->chunk);

	if (!rate->pps)
		return now < rate->end ? (unsigned int)left : 0;
	if (now - rate->zero > sent / rate->pps + LAG_MAX)
		rate->zero = now - LAG_MAX - sent / rate->pps;
	/* The first one at once, and none at the end: so many it is then. */
	due = now < rate->end ? (now - rate->zero) * rate->pps + 1 :
				(rate->end - rate->zero) * rate->pps + 0.5;
	due -= sent;
	return due < 1 ? 0 : (unsigned int)least(due, left);
}

double rate_next(const struct rate *rate, double now, double sent)
{
	double next = rate->zero + sent / rate->pps;

	return least(rate->end, most(next, now + rate->tick));
}

bool rate_is_over(const struct rate *rate, double now, double sent)
{
	return sent >= rate->limit || now >= rate->end;
}

void rate_learn(struct rate *rate, unsigned int count, double seconds)
{
	if (seconds > CALL_MAX && rate->chunk > CHUNK_MIN)
		rate->chunk /= 2;
	else if (seconds < CALL_MIN && count == rate->chunk &&
		 rate->chunk < CHUNK_MAX)
		rate->chunk *= 2;
}
