// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What has moved, as a table: each CPU, then all of them. */
#include <inttypes.h>
#include <stdio.h>

#include "log.h"
#include "monitor_row.h"

#define CPU_TEXT_MAX 32
#define EXTRA_TEXT_MAX 96

static const char *const row_names[MONITOR_KINDS] = {
	[MONITOR_REDIRECT] = "XDP_REDIRECT",  [MONITOR_EXCEPTION] = "Exception",
	[MONITOR_ENQUEUE] = "cpumap-enqueue", [MONITOR_KTHREAD] = "cpumap-kthread",
	[MONITOR_XMIT] = "devmap-xmit",
};

/* What is behind the numbers that all rows have. */
static void extra(enum monitor_kind kind, unsigned int key, const struct monitor_row *row,
		  char *text)
{
	const struct event_count *moved = &row->moved;
	char name[MONITOR_NAME_MAX];

	switch (kind) {
	case MONITOR_ENQUEUE:
		snprintf(text, EXTRA_TEXT_MAX, "%.2f bulk-average", monitor_bulk(row));
		break;
	case MONITOR_KTHREAD:
		snprintf(text, EXTRA_TEXT_MAX, "%.0f sched, %.0f pass, %.0f drop, %.0f redirect",
			 monitor_rate(row, moved->info), monitor_rate(row, moved->xdp_pass),
			 monitor_rate(row, moved->xdp_drop),
			 monitor_rate(row, moved->xdp_redirect));
		break;
	case MONITOR_XMIT:
		snprintf(text, EXTRA_TEXT_MAX, "%.2f bulk-average, %.0f drv-err", monitor_bulk(row),
			 monitor_rate(row, moved->info));
		break;
	default:
		snprintf(text, EXTRA_TEXT_MAX, "%s%s",
			 kind == MONITOR_REDIRECT && key ? "Error " : "",
			 monitor_key_name(kind, key, name));
	}
}

static void print_row(enum monitor_kind kind, unsigned int key, const char *cpu,
		      const struct monitor_row *row)
{
	char pps[STATS_GROUPED_MAX], drop_pps[STATS_GROUPED_MAX];
	double packets = monitor_rate(row, row->moved.packets);
	double drops = monitor_rate(row, row->moved.drops);
	char text[EXTRA_TEXT_MAX];

	extra(kind, key, row, text);
	printf("%-15s %-8s %13s %13s  %s\n", row_names[kind], cpu,
	       stats_grouped((unsigned long long)(packets + 0.5), pps),
	       stats_grouped((unsigned long long)(drops + 0.5), drop_pps), text);
}

/* "0" or, where packets go to another CPU, "0:1"; "total" or "sum:1" */
static void cpu_text(enum monitor_kind kind, unsigned int key, const unsigned int *from, char *text)
{
	bool to = kind == MONITOR_ENQUEUE;
	int len;

	len = from ? snprintf(text, CPU_TEXT_MAX, "%u", *from) :
		     snprintf(text, CPU_TEXT_MAX, to ? "sum" : "total");
	if (to)
		snprintf(text + len, CPU_TEXT_MAX - (size_t)len, ":%u", key);
}

static void print_key(const struct monitor_pair *pair, enum monitor_kind kind, unsigned int key)
{
	bool all = pair->mon->opts.all;
	struct monitor_row row, sum;
	char text[CPU_TEXT_MAX];
	unsigned int i;

	sum = monitor_row_sum(pair, kind, key);
	if (!sum.moved.events && !(all && sum.total.events) &&
	    !(all && monitor_row_known(pair, kind, key)))
		return;
	for (i = 0; i < pair->now->cpus->count; i++) {
		row = monitor_row(pair, kind, key, i);
		if (!row.moved.events && !(all && row.total.events))
			continue;
		cpu_text(kind, key, &pair->now->cpus->cpu[i], text);
		print_row(kind, key, text, &row);
	}
	cpu_text(kind, key, NULL, text);
	print_row(kind, key, text, &sum);
}

void monitor_print(const struct monitor_pair *pair)
{
	uint64_t missed = pair->now->missed - pair->before->missed;
	unsigned int key;
	int kind;

	printf("%-15s %-8s %13s %13s  %s\n", "XDP-event", "CPU:to", "pps", "drop-pps",
	       "extra-info");
	for (kind = 0; kind < MONITOR_KINDS; kind++)
		for (key = 0; key < pair->now->keys[kind]; key++)
			print_key(pair, (enum monitor_kind)kind, key);
	if (missed)
		printf("missed: %" PRIu64 " events of any kind\n", missed);
	printf("\n");
}
