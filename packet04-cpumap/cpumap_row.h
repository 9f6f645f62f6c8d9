/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* From two records to what is printed in a row. Part of cpumap. */
#ifndef CPUMAP_ROW_H
#define CPUMAP_ROW_H

#include "cpumap.h"

struct cpumap_count {
	unsigned long long packets; /* since the program was loaded */
	double pps; /* between the two records */
};

struct cpumap_row {
	struct cpumap_count steered, overflow;
	bool has_work; /* a program counts; the rest is known */
	struct cpumap_count processed, filtered;
	unsigned long long bytes; /* processed */
	double mbps;
};

/* All that CPU @key has got. Returns false if there is nothing to say. */
bool cpumap_row_sum(const struct cpumap_record *now, const struct cpumap_record *before,
		    unsigned int key, struct cpumap_row *row);

/* What it has got from the CPU at place @from, which is not known as work. */
bool cpumap_row_from(const struct cpumap_record *now, const struct cpumap_record *before,
		     unsigned int key, unsigned int from, struct cpumap_row *row);

#endif /* CPUMAP_ROW_H */
