/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A schedule for a sender: how many packets are due at a time, at a rate or as fast as
 * it goes. Whoever sends goes round like this:
 *
 *	now = monotonic_now();
 *	n = schedule_due(&schedule, now, sent);
 *	... send up to n packets, and add them to sent; or, with none due,
 *	sleep until schedule_next(), at most ...
 *
 * until schedule_is_over(). Taught in testing02-traffic-gen.
 */
#ifndef COMMON_SCHEDULE_H
#define COMMON_SCHEDULE_H

#include <stdbool.h>

/* What is asked for. */
struct schedule_opts {
	double pps; /* packets a second; 0: as many as go */
	double count; /* packets in all; 0: no end */
	double duration; /* seconds; 0: no end */
};

/* Times are in seconds on the monotonic clock. */
struct schedule {
	double pps; /* 0: as many as go */
	double zero; /* packet k, from 0 on, is due at zero + k / pps */
	double end; /* nothing is due after it */
	double limit; /* packets in all */
	double tick; /* the shortest sleep that is worth it */
	unsigned int chunk; /* packets in one call */
};

void schedule_begin(struct schedule *schedule, const struct schedule_opts *opts, double now);

/* So many are to be sent now, when @sent have been sent until then. */
unsigned int schedule_due(struct schedule *schedule, double now, double sent);

/* When the next ones will be due, if none are now. */
double schedule_next(const struct schedule *schedule, double now, double sent);

/* True when nothing will be due any more. */
bool schedule_is_over(const struct schedule *schedule, double now, double sent);

/*
 * A call for @count packets took @seconds: decide how many the next is for. It
 * is worth it where a call costs something of its own, as with live frames.
 */
void schedule_learn(struct schedule *schedule, unsigned int count, double seconds);

#endif /* COMMON_SCHEDULE_H */
