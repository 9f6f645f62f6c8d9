/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a histogram says: percentiles, spread, and a drawing. */
#ifndef HIST_H
#define HIST_H

#include "ping_hist.h"

/* The times that bucket @index is for: from the result to the next one's. */
double hist_from(unsigned int index);

unsigned long long hist_total(const struct ping_hist *hist);

/* The time (ns) that @share (0 to 1) of all take at most; 0 without any. */
double hist_percentile(const struct ping_hist *hist, double share);

/* The standard deviation (ns), as far as the buckets tell. */
double hist_deviation(const struct ping_hist *hist);

/* The same with larger buckets, for people: two for each power of 2. */
#define HIST_ROWS (2 * HIST_MAX_BITS)

struct hist_row {
	double from, to; /* ns */
	unsigned long long count;
};

/* Store the rows from the first that is not empty to the last: how many. */
unsigned int hist_rows(const struct ping_hist *hist, struct hist_row rows[HIST_ROWS]);

#endif /* HIST_H */
