// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The rate that follows from the options, and sums over targets and CPUs. */
#include <string.h>

#include "ping.h"

double ping_rate(const struct ping *ping)
{
	const struct ping_opts *opts = ping->opts;

	if (opts->flood)
		return 0;
	return opts->rate ? opts->rate : ping->n_active / opts->interval;
}

void ping_add_counts(struct ping_counts *sum, const struct ping_counts *more)
{
	if (more->received && (!sum->received || more->min < sum->min))
		sum->min = more->min;
	if (more->max > sum->max)
		sum->max = more->max;
	sum->received += more->received;
	sum->duplicates += more->duplicates;
	sum->late += more->late;
	sum->damaged += more->damaged;
	sum->foreign += more->foreign;
	sum->errors += more->errors;
	sum->sum += more->sum;
}

void ping_sum(const struct ping *ping, struct ping_counts *sum)
{
	unsigned int i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < ping->count; i++)
		ping_add_counts(sum, &ping->targets[i].counts);
}
