/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The counters as a page of metrics: --prometheus. Part of monitor. */
#ifndef MONITOR_METRICS_H
#define MONITOR_METRICS_H

#include "metrics/metrics.h"
#include "monitor.h"

/* A page for which the counters have been read. */
struct monitor_page {
	struct metrics *out;
	const struct monitor *mon;
	struct monitor_record now;
};

/* monitor_families.c: those families that are maps, as they are. */
void monitor_families(const struct monitor_page *page);

/* --dev: the next sample is about one interface. */
void monitor_label(const struct monitor_page *page);

/* A metrics_write_fn: @mon is a struct monitor, opened. */
int monitor_metrics(struct metrics *out, void *mon);

#endif /* MONITOR_METRICS_H */
