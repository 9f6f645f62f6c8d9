/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What came of it, in the end. */
#ifndef REPORT_H
#define REPORT_H

#include "ping.h"

/*
 * Print the statistics: of all together as ping(8) does, with percentiles and a
 * histogram; with several targets a table of them. Returns 0, or -EPIPE after
 * one error line.
 */
int report_print(const struct ping *ping);

/* The same as one JSON object. */
void report_print_json(const struct ping *ping, const struct ping_counts *sum);

#endif /* REPORT_H */
