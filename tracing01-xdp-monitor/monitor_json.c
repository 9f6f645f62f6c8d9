// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* All that has been counted, as one line of JSON. */
#include <inttypes.h>
#include <stdio.h>

#include "monitor_row.h"

static const char *const members[MONITOR_KINDS] = {
	[MONITOR_REDIRECT] = "redirect",      [MONITOR_EXCEPTION] = "exception",
	[MONITOR_ENQUEUE] = "cpumap_enqueue", [MONITOR_KTHREAD] = "cpumap_kthread",
	[MONITOR_XMIT] = "devmap_xmit",
};

static void print_number(const char *name, uint64_t number)
{
	printf(", \"%s\": %" PRIu64, name, number);
}

/* The members of a counter, without braces */
static void print_counter(enum monitor_kind kind, const struct monitor_row *row)
{
	const struct event_count *total = &row->total;

	printf("\"packets\": %" PRIu64 ", \"pps\": %.0f", (uint64_t)total->packets,
	       monitor_rate(row, row->moved.packets));
	printf(", \"drops\": %" PRIu64 ", \"drop_pps\": %.0f", (uint64_t)total->drops,
	       monitor_rate(row, row->moved.drops));
	if (kind == MONITOR_REDIRECT || kind == MONITOR_EXCEPTION)
		return;
	print_number("events", total->events);
	printf(", \"bulk_average\": %.2f", monitor_bulk(row));
	if (kind == MONITOR_XMIT)
		print_number("drv_err", total->info);
	if (kind != MONITOR_KTHREAD)
		return;
	print_number("sched", total->info);
	print_number("xdp_pass", total->xdp_pass);
	print_number("xdp_drop", total->xdp_drop);
	print_number("xdp_redirect", total->xdp_redirect);
}

/* A counter, and what it is made of: CPUs that packets come from, or all. */
static void print_key(const struct monitor_pair *pair, enum monitor_kind kind, unsigned int key)
{
	struct monitor_row row = monitor_row_sum(pair, kind, key);
	const char *comma = "";
	unsigned int i;

	printf("{");
	print_counter(kind, &row);
	printf(", \"%s\": {", kind == MONITOR_ENQUEUE ? "from" : "cpus");
	for (i = 0; i < pair->now->cpus->count; i++) {
		row = monitor_row(pair, kind, key, i);
		if (!row.total.events)
			continue;
		printf("%s\"%u\": {", comma, pair->now->cpus->cpu[i]);
		print_counter(kind, &row);
		printf("}");
		comma = ", ";
	}
	printf("}}");
}

static void print_keys(const struct monitor_pair *pair, enum monitor_kind kind)
{
	char name[MONITOR_NAME_MAX];
	const char *comma = "";
	unsigned int key;

	printf("{");
	for (key = 0; key < pair->now->keys[kind]; key++) {
		if (!monitor_row_known(pair, kind, key) &&
		    !monitor_sum(pair->now, kind, key).events)
			continue;
		printf("%s\"%s\": ", comma, monitor_key_name(kind, key, name));
		print_key(pair, kind, key);
		comma = ", ";
	}
	printf("}");
}

void monitor_print_json(const struct monitor_pair *pair)
{
	int i;

	stats_json_begin(pair->mon->opts.dev.name, pair->now->time - pair->before->time);
	for (i = 0; i < MONITOR_KINDS; i++) {
		printf("\"%s\": ", members[i]);
		if (i == MONITOR_KTHREAD || i == MONITOR_XMIT)
			print_key(pair, (enum monitor_kind)i, 0);
		else
			print_keys(pair, (enum monitor_kind)i);
		printf(", ");
	}
	printf("\"missed\": %" PRIu64 "}\n", pair->now->missed);
}
