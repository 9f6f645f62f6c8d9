// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What has moved between two records, and rates. */
#include "monitor_row.h"

static struct monitor_row row_of(const struct monitor_pair *pair, const struct event_count *now,
				 const struct event_count *old)
{
	return (struct monitor_row){
		.total = *now,
		.moved = {
			.packets = now->packets - old->packets,
			.drops = now->drops - old->drops,
			.events = now->events - old->events,
			.info = now->info - old->info,
			.xdp_pass = now->xdp_pass - old->xdp_pass,
			.xdp_drop = now->xdp_drop - old->xdp_drop,
			.xdp_redirect = now->xdp_redirect - old->xdp_redirect,
		},
		.period = pair->now->time - pair->before->time,
	};
}

struct monitor_row monitor_row(const struct monitor_pair *pair, enum monitor_kind kind,
			       unsigned int key, unsigned int place)
{
	return row_of(pair, monitor_count(pair->now, kind, key, place),
		      monitor_count(pair->before, kind, key, place));
}

struct monitor_row monitor_row_sum(const struct monitor_pair *pair, enum monitor_kind kind,
				   unsigned int key)
{
	struct event_count now = monitor_sum(pair->now, kind, key);
	struct event_count before = monitor_sum(pair->before, kind, key);

	return row_of(pair, &now, &before);
}

bool monitor_row_known(const struct monitor_pair *pair, enum monitor_kind kind, unsigned int key)
{
	switch (kind) {
	case MONITOR_REDIRECT:
		return !key && !pair->mon->opts.errors_only;
	case MONITOR_ENQUEUE:
		return cpus_has(pair->now->cpus, key);
	default:
		return true;
	}
}

double monitor_rate(const struct monitor_row *row, uint64_t count)
{
	return row->period > 0 ? (double)count / row->period : 0;
}

double monitor_bulk(const struct monitor_row *row)
{
	return row->moved.events ? (double)row->moved.packets / (double)row->moved.events : 0;
}
