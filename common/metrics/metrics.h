/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Counters as a page that monitoring systems read: the text format of
 * Prometheus, version 0.0.4. A family is a name with its type and meaning; its
 * samples, told apart by labels, follow it, and no other family comes between.
 *
 *	metrics_family(page, "xdp_drops_total", METRICS_COUNTER,
 *		       "Packets dropped.");
 *	metrics_label(page, "interface", dev->name);
 *	metrics_uint(page, drops);
 *
 * The names of families and labels are the caller's to choose well: letters,
 * digits and '_', of a counter ending in _total, units in full (_seconds).
 * Errors show in ferror() of the file. Taught in tracing01-xdp-monitor.
 */
#ifndef COMMON_METRICS_H
#define COMMON_METRICS_H

#include <stdbool.h>
#include <stdio.h>

/* The Content-Type of such a page. */
#define METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum metrics_type {
	METRICS_COUNTER, /* only grows, until it starts again at 0 */
	METRICS_GAUGE, /* goes up and down */
};

/* A page being written: set .out, and leave the rest 0. */
struct metrics {
	FILE *out;
	const char *family; /* name of the one begun last */
	bool labelled; /* a label of the next sample was written */
};

/* Begin family @name, which stays valid while its samples are written. */
void metrics_family(struct metrics *page, const char *name, enum metrics_type type,
		    const char *help);

/*
 * Give the family's next sample a label. @value may hold any bytes: an
 * interface's name does. What is no UTF-8 becomes U+FFFD.
 */
void metrics_label(struct metrics *page, const char *name, const char *value);
void metrics_label_uint(struct metrics *page, const char *name, unsigned int value);

/* The value ends the sample. */
void metrics_uint(struct metrics *page, unsigned long long value);
void metrics_real(struct metrics *page, double value);

#endif /* COMMON_METRICS_H */
