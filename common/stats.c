// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* xdp_stats_map read, printed as a table or as JSON, and polled. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"
#include "json.h"
#include "log.h"
#include "signals.h"
#include "stats.h"

#define BITS_PER_BYTE 8
#define MILLION 1e6

const struct maps_layout stats_layout = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(struct datarec),
	.max_entries = XDP_ACTION_MAX,
};

int stats_collect(int map_fd, struct stats_record *rec)
{
	int cpus = libbpf_num_possible_cpus();
	struct datarec *values;
	int err, action, cpu;

	if (cpus < 0)
		return cpus;
	values = calloc((size_t)(XDP_ACTION_MAX * cpus), sizeof(*values));
	if (!values)
		return -ENOMEM;
	memset(rec, 0, sizeof(*rec));
	rec->time = monotonic_now();
	err = maps_read_percpu(map_fd, XDP_ACTION_MAX, sizeof(*values), values);
	for (action = 0; !err && action < XDP_ACTION_MAX; action++)
		for (cpu = 0; cpu < cpus; cpu++) {
			struct datarec *value = &values[action * cpus + cpu];

			rec->action[action].rx_packets += value->rx_packets;
			rec->action[action].rx_bytes += value->rx_bytes;
		}
	free(values);
	return err;
}

double stats_wait_time(const struct stats_opts *opts, unsigned int reports, double started)
{
	double wait = opts->interval > 0 ? opts->interval : STATS_INTERVAL;
	double left;

	if (opts->count && reports >= opts->count)
		return -1;
	/* The first one soon: it shows that the command works. */
	if (!reports && wait > STATS_FIRST)
		wait = STATS_FIRST;
	if (!opts->duration)
		return wait;
	left = started + opts->duration - monotonic_now();
	if (left <= 0)
		return -1;
	return left < wait ? left : wait;
}

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
	return output_flush();
}

static int collect(int map_fd, struct stats_record *rec)
{
	int err = stats_collect(map_fd, rec);

	if (!err)
		return 0;
	pr_err("cannot read 'xdp_stats_map': %s", strerror(-err));
	return -ENOEXEC;
}

int stats_check(const struct stats_opts *opts, bool given)
{
	if (given || (!opts->interval && !opts->count && !opts->duration && !opts->json))
		return 0;
	pr_err("--interval, --count, --duration and --json go with --stats");
	return -EINVAL;
}

int stats_poll(struct attach *at, const struct stats_opts *opts)
{
	int map_fd = maps_find(at->obj, "xdp_stats_map");
	struct stats_record before = { 0 }, now = { 0 };
	unsigned int reports = 0;
	double wait, started;
	int err;

	if (map_fd < 0 || maps_check(map_fd, "xdp_stats_map", &stats_layout))
		return -ENOEXEC;
	err = collect(map_fd, &before);
	started = before.time;
	if (!err)
		attach_announce(at);
	while (!err) {
		wait = stats_wait_time(opts, reports++, started);
		if (wait < 0 || signals_wait(wait))
			break;
		err = attach_check(at);
		if (!err)
			err = collect(map_fd, &now);
		if (!err)
			err = stats_print(opts, at->dev.name, &now, &before);
		before = now;
	}
	return err;
}
