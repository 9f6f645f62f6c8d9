/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* From two records to what is printed. Part of monitor. */
#ifndef MONITOR_ROW_H
#define MONITOR_ROW_H

#include "monitor.h"

/* Two moments of a monitor */
struct monitor_pair {
	const struct monitor *mon;
	const struct monitor_record *now, *before;
};

/* A counter at the later one, and what it has moved since the other. */
struct monitor_row {
	struct event_count total, moved;
	double period; /* seconds in between */
};

/* On one CPU, and on all of them */
struct monitor_row monitor_row(const struct monitor_pair *pair, enum monitor_kind kind,
			       unsigned int key, unsigned int place);
struct monitor_row monitor_row_sum(const struct monitor_pair *pair, enum monitor_kind kind,
				   unsigned int key);

/* Whether the sum of @key is worth a word, even if nothing has been counted. */
bool monitor_row_known(const struct monitor_pair *pair, enum monitor_kind kind, unsigned int key);

/* @count in each second of the period; packets in each event of it */
double monitor_rate(const struct monitor_row *row, uint64_t count);
double monitor_bulk(const struct monitor_row *row);

/*
 * monitor_print.c, monitor_json.c: all of it, as a table or as JSON. Standard
 * output is not flushed.
 */
void monitor_print(const struct monitor_pair *pair);
void monitor_print_json(const struct monitor_pair *pair);

#endif /* MONITOR_ROW_H */
