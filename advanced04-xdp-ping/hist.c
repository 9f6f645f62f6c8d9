// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Percentiles, standard deviation and rows of a histogram. */
#include <math.h>

#include "hist.h"

/* The shortest time (ns) in bucket @index: the inverse of hist_index(). */
static double shortest(unsigned int index)
{
	unsigned int shift = index < 2 * HIST_STEPS ? 0 : index / HIST_STEPS - 1;

	return ldexp(index - shift * HIST_STEPS, (int)shift);
}

static double middle(unsigned int index)
{
	return (shortest(index) + shortest(index + 1) - 1) / 2;
}

static unsigned long long total_of(const struct ping_hist *hist)
{
	unsigned long long total = 0;
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS; i++)
		total += hist->bucket[i];
	return total;
}

double hist_percentile(const struct ping_hist *hist, double share)
{
	double wanted = ceil(share * (double)total_of(hist)), seen = 0;
	unsigned int i;

	if (wanted <= 0)
		return 0;
	for (i = 0; i < HIST_BUCKETS - 1; i++) {
		seen += (double)hist->bucket[i];
		if (seen >= wanted)
			break;
	}
	return middle(i);
}

double hist_deviation(const struct ping_hist *hist)
{
	double total = (double)total_of(hist), mean = 0, sum = 0;
	unsigned int i;

	if (total <= 0)
		return 0;
	for (i = 0; i < HIST_BUCKETS; i++)
		mean += (double)hist->bucket[i] * middle(i) / total;
	for (i = 0; i < HIST_BUCKETS; i++)
		sum += (double)hist->bucket[i] * (middle(i) - mean) * (middle(i) - mean);
	return sqrt(sum / total);
}

/* Even rows begin at 2^n, odd ones at 1.5 * 2^n. */
static unsigned int row_of(double ns)
{
	int bits;
	double part = frexp(ns < 1 ? 1 : ns, &bits);

	return 2 * (unsigned int)(bits - 1) + (part >= 0.75);
}

unsigned int hist_rows(const struct ping_hist *hist, struct hist_row rows[HIST_ROWS])
{
	unsigned int i, row, n = 0, first = 0;

	for (i = 0; i < HIST_BUCKETS; i++) {
		if (!hist->bucket[i])
			continue;
		row = row_of(shortest(i));
		if (!n)
			first = row;
		for (; n <= row - first; n++) {
			rows[n].from = ldexp((first + n) % 2 ? 1.5 : 1, (int)((first + n) / 2));
			rows[n].to = ldexp((first + n) % 2 ? 2 : 1.5, (int)((first + n) / 2));
			rows[n].count = 0;
		}
		rows[row - first].count += hist->bucket[i];
	}
	return n;
}
