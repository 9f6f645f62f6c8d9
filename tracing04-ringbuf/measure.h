/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What was measured of one way, and how it is printed. */
#ifndef MEASURE_H
#define MEASURE_H

#include "load.h"
#include "tally.h"

struct measured {
	const struct way *way;
	struct load_sum load;
	struct event_counts counts; /* of the program */
	struct tally tally; /* of the reader */
	unsigned long long wakeups, memory;
	double cpu; /* seconds that the reader has worked */
	double seconds; /* in all */
	unsigned int cpus; /* that the load ran on */
};

/*
 * measure_print.c: a row of the table, the first one with a head, or a line of
 * JSON. Returns 0, or -errno after one error line.
 */
int measure_print(const struct measured *got, const struct events_opts *opts, bool first);

#endif /* MEASURE_H */
