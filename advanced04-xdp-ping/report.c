// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The statistics in the end, for people. */
#include <stdio.h>
#include <string.h>

#include "hist.h"
#include "log.h"
#include "report.h"
#include "show.h"

#define MS 1e6
#define US 1e3
#define BAR 40 /* columns */

static double share(double part, double all)
{
	return all > 0 ? part / all : 0;
}

static void print_troubles(const struct ping *ping)
{
	const struct ping_trouble *at = ping->troubles;
	char from[ADDR_TEXT];

	for (; at < ping->troubles + PING_TROUBLES && at->count; at++)
		printf("%llu times from %s: %s\n", (unsigned long long)at->count,
		       addr_to_str(&at->from, from),
		       show_trouble_name(ping->family, at->type, at->code));
}

/* Like ping(8), so that whatever reads its output can read this. */
static void print_counts(const struct ping *ping, const struct ping_counts *sum)
{
	double seconds = ping->last - ping->first;
	double lost = 100 * (1 - share((double)sum->received, (double)ping->sent));

	printf("%llu packets transmitted, %llu received", (unsigned long long)ping->sent,
	       (unsigned long long)sum->received);
	if (sum->duplicates)
		printf(", +%llu duplicates", (unsigned long long)sum->duplicates);
	if (sum->damaged)
		printf(", +%llu corrupted", (unsigned long long)sum->damaged);
	if (sum->errors)
		printf(", +%llu errors", (unsigned long long)sum->errors);
	printf(", %g%% packet loss, time %.0fms\n", ping->sent ? (double)(float)lost : 0,
	       1e3 * seconds);
	printf("duplicates %llu, late %llu, damaged %llu, foreign %llu, errors %llu\n",
	       (unsigned long long)sum->duplicates, (unsigned long long)sum->late,
	       (unsigned long long)sum->damaged, (unsigned long long)sum->foreign,
	       (unsigned long long)sum->errors);
	if (sum->received && seconds > 0)
		printf("%.0f requests and %.0f answers a second\n", (double)ping->sent / seconds,
		       (double)sum->received / seconds);
}

static void print_times(const struct ping *ping, const struct ping_counts *sum)
{
	const struct ping_hist *hist = &ping->hist;

	printf("rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms\n", (double)sum->min / MS,
	       share((double)sum->sum, (double)sum->received) / MS, (double)sum->max / MS,
	       hist_deviation(hist) / MS);
	printf("rtt p50/p90/p99/max = %.1f/%.1f/%.1f/%.1f us\n",
	       ping_percentile(ping, sum, 0.5) / US, ping_percentile(ping, sum, 0.9) / US,
	       ping_percentile(ping, sum, 0.99) / US, (double)sum->max / US);
}

static void print_histogram(const struct ping *ping)
{
	static const char bar[BAR + 1] = "########################################";
	struct hist_row rows[HIST_ROWS];
	unsigned int i, n = hist_rows(&ping->hist, rows);
	double most = 0;

	for (i = 0; i < n; i++)
		if ((double)rows[i].count > most)
			most = (double)rows[i].count;
	for (i = 0; i < n; i++)
		printf("%11.1f us to %11.1f us %12llu %.*s\n", rows[i].from / US, rows[i].to / US,
		       rows[i].count, (int)(BAR * (double)rows[i].count / most + 0.5), bar);
}

static void print_row(const struct target *target)
{
	const struct ping_counts *c = &target->counts;
	char min[SHOW_TIME], avg[SHOW_TIME], max[SHOW_TIME];

	printf("%-39s %8llu %8llu %5.1f%% %5llu %5llu %7llu %7llu %6llu", target->text,
	       (unsigned long long)target->sent, (unsigned long long)c->received,
	       100 * (1 - share((double)c->received, (double)target->sent)),
	       (unsigned long long)c->duplicates, (unsigned long long)c->late,
	       (unsigned long long)c->damaged, (unsigned long long)c->foreign,
	       (unsigned long long)c->errors);
	if (c->received)
		printf(" %s/%s/%s", show_time((double)c->min, min),
		       show_time((double)c->sum / (double)c->received, avg),
		       show_time((double)c->max, max));
	printf("\n");
}

/* Of a sweep those that are there; all that were named one by one. */
static void print_table(const struct ping *ping)
{
	const struct target *target;
	unsigned int there = 0, own = 0, i;

	printf("%-39s %8s %8s %6s %5s %5s %7s %7s %6s %s\n", "address", "sent", "received", "loss",
	       "dup", "late", "damaged", "foreign", "errors", "min/avg/max ms");
	for (i = 0; i < ping->count; i++) {
		target = &ping->targets[i];
		there += target->counts.received > 0;
		own += target->own;
		if (target->name || target->counts.received || target->counts.errors ||
		    target->counts.damaged)
			print_row(target);
	}
	printf("%u of %u addresses have answered", there, ping->count);
	if (ping->n_asked + own < ping->count)
		printf(", %u were not asked: nobody has them on the link",
		       ping->count - ping->n_asked - own);
	if (own)
		printf(", own: %u", own);
	printf("\n");
}

int report_print(const struct ping *ping)
{
	const struct target *first = &ping->targets[0];
	struct ping_counts sum;

	ping_sum(ping, &sum);
	if (ping->opts->json) {
		report_print_json(ping, &sum);
		return output_flush();
	}
	if (ping->count > 1)
		printf("\n--- %u addresses ping statistics ---\n", ping->count);
	else
		printf("\n--- %s ping statistics ---\n", first->name ? first->name : first->text);
	print_counts(ping, &sum);
	print_troubles(ping);
	if (sum.received) {
		print_times(ping, &sum);
		print_histogram(ping);
	}
	if (ping->count > 1)
		print_table(ping);
	return output_flush();
}
