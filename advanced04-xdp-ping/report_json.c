// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The statistics in the end, for programs. */
#include <stdio.h>

#include "hist.h"
#include "report.h"
#include "show.h"
#include "stats.h"

#define US 1e3

static void print_counts(uint64_t sent, const struct ping_counts *c)
{
	printf("\"transmitted\": %llu, \"received\": %llu, "
	       "\"duplicates\": %llu, \"late\": %llu, \"damaged\": %llu, "
	       "\"foreign\": %llu, \"errors\": %llu",
	       (unsigned long long)sent, (unsigned long long)c->received,
	       (unsigned long long)c->duplicates, (unsigned long long)c->late,
	       (unsigned long long)c->damaged, (unsigned long long)c->foreign,
	       (unsigned long long)c->errors);
	if (sent)
		printf(", \"loss_percent\": %.6g", 100 * (1 - (double)c->received / (double)sent));
}

static void print_times(const struct ping *ping, const struct ping_counts *sum)
{
	const struct ping_hist *hist = &ping->hist;
	struct hist_row rows[HIST_ROWS];
	unsigned int i, n = hist_rows(hist, rows);

	printf(", \"rtt_us\": {\"min\": %.3f, \"avg\": %.3f, \"max\": %.3f, "
	       "\"mdev\": %.3f, \"p50\": %.3f, \"p90\": %.3f, \"p99\": %.3f}",
	       (double)sum->min / US, (double)sum->sum / (double)sum->received / US,
	       (double)sum->max / US, hist_deviation(hist) / US,
	       ping_percentile(ping, sum, 0.5) / US, ping_percentile(ping, sum, 0.9) / US,
	       ping_percentile(ping, sum, 0.99) / US);
	printf(", \"histogram\": [");
	for (i = 0; i < n; i++)
		printf("%s{\"from_us\": %.3f, \"to_us\": %.3f, \"packets\": %llu}", i ? ", " : "",
		       rows[i].from / US, rows[i].to / US, rows[i].count);
	printf("]");
}

static void print_troubles(const struct ping *ping)
{
	const struct ping_trouble *at = ping->troubles;
	char from[ADDR_TEXT];

	if (!at->count)
		return;
	printf(", \"troubles\": [");
	for (; at < ping->troubles + PING_TROUBLES && at->count; at++)
		printf("%s{\"from\": \"%s\", \"type\": %u, \"code\": %u, "
		       "\"error\": \"%s\", \"packets\": %llu}",
		       at > ping->troubles ? ", " : "", addr_to_str(&at->from, from), at->type,
		       at->code, show_trouble_name(ping->family, at->type, at->code),
		       (unsigned long long)at->count);
	printf("]");
}

static void print_target(const struct target *target)
{
	const struct ping_counts *c = &target->counts;

	printf("{\"address\": \"%s\", \"asked\": %s, ", target->text,
	       target->asked ? "true" : "false");
	print_counts(target->sent, c);
	if (c->received)
		printf(", \"rtt_us\": {\"min\": %.3f, \"avg\": %.3f, \"max\": %.3f}",
		       (double)c->min / US, (double)c->sum / (double)c->received / US,
		       (double)c->max / US);
	printf("}");
}

void report_print_json(const struct ping *ping, const struct ping_counts *sum)
{
	double seconds = ping->last - ping->first;
	unsigned int i;

	stats_json_begin(ping->dev.name, seconds);
	printf("\"engine\": \"%s\", ", ping->opts->engine);
	print_counts(ping->sent, sum);
	if (seconds > 0)
		printf(", \"pps\": %.1f", (double)ping->sent / seconds);
	if (sum->received)
		print_times(ping, sum);
	print_troubles(ping);
	printf(", \"targets\": [");
	for (i = 0; i < ping->count; i++) {
		printf("%s", i ? ", " : "");
		print_target(&ping->targets[i]);
	}
	printf("]}\n");
}
