// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The statistics as a table for people, or as JSON for programs. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "log.h"
#include "stats.h"

#define BITS_PER_BYTE 8
#define MILLION 1e6

/* What happened between two records to one action, per second. */
struct rates {
	double pps, mbps;
};

static struct rates rates_of(const struct stats_record *now, const struct stats_record *before,
			     int action)
{
	double period = now->time - before->time;
	const struct datarec *new = &now->action[action];
	const struct datarec *old = &before->action[action];
	struct rates rates = { 0 };

	if (period <= 0)
		return rates;
	rates.pps = (double)(new->rx_packets - old->rx_packets) / period;
	rates.mbps = (double)(new->rx_bytes - old->rx_bytes) * BITS_PER_BYTE / period / MILLION;
	return rates;
}

const char *stats_grouped(unsigned long long number, char *text)
{
	bool terminal = isatty(STDOUT_FILENO);
	char digits[STATS_GROUPED_MAX];
	int len = snprintf(digits, sizeof(digits), "%llu", number);
	int i, n = 0;

	for (i = 0; i < len; i++) {
		if (terminal && i && (len - i) % 3 == 0)
			text[n++] = ',';
		text[n++] = digits[i];
	}
	text[n] = '\0';
	return text;
}

static void print_table(const struct stats_record *now, const struct stats_record *before)
{
	char packets[STATS_GROUPED_MAX], pps[STATS_GROUPED_MAX];
	char kbytes[STATS_GROUPED_MAX];
	struct rates rates;
	int action;

	printf("%-12s %15s %13s %15s %11s %9s\n", "action", "packets", "pps", "Kbytes", "Mbit/s",
	       "period");
	for (action = 0; action < XDP_ACTION_MAX; action++) {
		const struct datarec *rec = &now->action[action];

		rates = rates_of(now, before, action);
		printf("%-12s %15s %13s %15s %11.3f %7.2f s\n", action2str((__u32)action),
		       stats_grouped(rec->rx_packets, packets),
		       stats_grouped((unsigned long long)(rates.pps + 0.5), pps),
		       stats_grouped(rec->rx_bytes / 1000, kbytes), rates.mbps,
		       now->time - before->time);
	}
	printf("\n");
}

void stats_json_begin(const char *ifname, double period)
{
	struct json json = { .out = stdout };

	stats_json_open(&json, ifname, period);
	printf(", ");
}

void stats_json_open(struct json *json, const char *ifname, double period)
{
	json_open(json, NULL, '{');
	json_member(json, "time", "%.3f", (double)(wall_clock_ns() / 1000000) / 1e3);
	json_text(json, "ifname", ifname);
	json_member(json, "period", "%.3f", period);
}

static void print_json(const char *ifname, const struct stats_record *now,
		       const struct stats_record *before)
{
	struct json json = { .out = stdout };
	struct rates rates;
	int action;

	stats_json_open(&json, ifname, now->time - before->time);
	json_open(&json, "actions", '{');
	for (action = 0; action < XDP_ACTION_MAX; action++) {
		const struct datarec *rec = &now->action[action];

		rates = rates_of(now, before, action);
		json_open(&json, action2str((__u32)action), '{');
		json_member(&json, "packets", "%llu", (unsigned long long)rec->rx_packets);
		json_member(&json, "bytes", "%llu", (unsigned long long)rec->rx_bytes);
		json_member(&json, "pps", "%.0f", rates.pps);
		json_member(&json, "mbps", "%.3f", rates.mbps);
		json_close(&json);
	}
	json_close(&json);
	json_close(&json);
}

int stats_print(const struct stats_opts *opts, const char *ifname, const struct stats_record *now,
		const struct stats_record *before)
{
	if (opts->json)
		print_json(ifname, now, before);
	else
		print_table(now, before);
	return log_flush();
}
