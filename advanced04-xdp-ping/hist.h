/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a histogram tells: percentiles, the standard deviation, rows to draw. */
#ifndef HIST_H
#define HIST_H

#include "xdp_ping.h"

/* The time (ns) that @share (0 to 1) of all take at most; 0 without any. */
double hist_percentile(const struct ping_hist *hist, double share);

/* The standard deviation (ns), as exactly as buckets can tell. */
double hist_deviation(const struct ping_hist *hist);

/* The same times in larger buckets, for people: two for each power of 2. */
#define HIST_ROWS (2 * HIST_MAX_BITS)

struct hist_row {
	double from, to; /* ns */
	unsigned long long count;
};

/* Store the rows from the first that is not empty to the last. Returns how many. */
unsigned int hist_rows(const struct ping_hist *hist, struct hist_row rows[HIST_ROWS]);

#endif /* HIST_H */
