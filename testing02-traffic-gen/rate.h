/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* When how many frames are due. Part of xdp_gen_user. */
#ifndef RATE_H
#define RATE_H

#include "gen.h"

/* Times are in seconds on the monotonic clock. */
struct rate {
	double pps; /* 0: as many as go */
	double zero; /* frame k, from 0 on, is due at zero + k / pps */
	double end; /* nothing is due after it */
	double limit; /* frames in all */
	double tick; /* the shortest sleep that is worth it */
	unsigned int chunk; /* frames in one call */
};

void rate_begin(struct rate *rate, const struct gen_opts *opts, double now);

/* So many are to be sent now, when @sent have been sent until then. */
unsigned int rate_due(struct rate *rate, double now, double sent);

/* When the next ones will be due, if none are now. */
double rate_next(const struct rate *rate, double now, double sent);

/* True when nothing will be due any more. */
bool rate_is_over(const struct rate *rate, double now, double sent);

/* A call for @count frames took @seconds: decide how many the next is for. */
void rate_learn(struct rate *rate, unsigned int count, double seconds);

double rate_clock(void);

#endif /* RATE_H */
