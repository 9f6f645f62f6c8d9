// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Reports: what has changed between two records, as a table or as JSON, and the loop around it, as
 * in basic03-map-counter.
 */
#include <inttypes.h>
#include <stdio.h>

#include "json.h"
#include "log.h"
#include "metrics/metrics_http.h"
#include "monitor.h"

#define CPU_TEXT_MAX 32

/* Two moments of a monitor */
struct pair {
	const struct monitor *mon;
	const struct monitor_record *now, *before;
};

/* A counter at the later one, and how much it has grown since the other. */
struct row {
	struct event_count total, moved;
	double period; /* seconds in between */
};

static struct row row_of(const struct pair *pair, const struct event_count *now,
			 const struct event_count *before)
{
	struct row row = {
		.total = *now,
		.moved = *now,
		.period = pair->now->time - pair->before->time,
	};

	event_count_add(&row.moved, before, -1);
	return row;
}

static struct row row_on_cpu(const struct pair *pair, enum event event, unsigned int key,
			     unsigned int cpu_index)
{
	return row_of(pair, monitor_count(pair->now, event, key, cpu_index),
		      monitor_count(pair->before, event, key, cpu_index));
}

static struct row row_sum(const struct pair *pair, enum event event, unsigned int key)
{
	struct event_count now = monitor_sum(pair->now, event, key);
	struct event_count before = monitor_sum(pair->before, event, key);

	return row_of(pair, &now, &before);
}

/* Whether @key is reported with --all and --json even if nothing was counted. */
static bool is_known(const struct pair *pair, enum event event, unsigned int key)
{
	switch (monitor_events[event].key) {
	case KEY_ERRNO:
		return !key && !pair->mon->opts.errors_only;
	case KEY_CPU:
		return cpus_has(&pair->mon->cpus, key);
	default:
		return true;
	}
}

static double rate(const struct row *row, uint64_t count)
{
	return row->period > 0 ? (double)count / row->period : 0;
}

/* Packets in each event */
static double bulk(const struct row *row)
{
	return row->moved.events ? (double)row->moved.packets / (double)row->moved.events : 0;
}

/* The number of events is shown as packets in each of them, not as a rate. */
static bool is_bulk(const struct monitor_number *number)
{
	return number->at == offsetof(struct event_count, events);
}

/* The table: each CPU, then all of them. */

/* The numbers that not all rows have, or the key's name. */
static void print_extra(const struct monitor_event *event, unsigned int key, const struct row *row)
{
	const struct monitor_number *number;
	const char *comma = "";
	char name[KEY_NAME_MAX];

	if (event->key == KEY_ERRNO || event->key == KEY_ACTION)
		printf("%s%s", event->key == KEY_ERRNO && key ? "Error " : "",
		       monitor_key_name(event->key, key, name));
	for (number = event->number; number->metric; number++) {
		if (!number->unit)
			continue;
		if (is_bulk(number))
			printf("%s%.2f %s", comma, bulk(row), number->unit);
		else
			printf("%s%.0f %s", comma, rate(row, monitor_value(&row->moved, number)),
			       number->unit);
		comma = ", ";
	}
}

static void print_row(enum event event, unsigned int key, const char *cpu, const struct row *row)
{
	char pps[STATS_GROUPED_MAX], drop_pps[STATS_GROUPED_MAX];
	double packets = rate(row, row->moved.packets);
	double drops = rate(row, row->moved.drops);

	printf("%-15s %-8s %13s %13s  ", monitor_events[event].title, cpu,
	       stats_grouped((unsigned long long)(packets + 0.5), pps),
	       stats_grouped((unsigned long long)(drops + 0.5), drop_pps));
	print_extra(&monitor_events[event], key, row);
	printf("\n");
}

/* "0" or, where packets go to another CPU, "0:1"; "total" or "sum:1" */
static void cpu_text(enum event event, unsigned int key, const unsigned int *from, char *text)
{
	bool to = monitor_events[event].key == KEY_CPU;
	int len;

	len = from ? snprintf(text, CPU_TEXT_MAX, "%u", *from) :
		     snprintf(text, CPU_TEXT_MAX, to ? "sum" : "total");
	if (to)
		snprintf(text + len, CPU_TEXT_MAX - (size_t)len, ":%u", key);
}

static void print_key(const struct pair *pair, enum event event, unsigned int key)
{
	bool all = pair->mon->opts.all;
	struct row row, sum;
	char text[CPU_TEXT_MAX];
	unsigned int i;

	sum = row_sum(pair, event, key);
	if (!sum.moved.events && !(all && sum.total.events) && !(all && is_known(pair, event, key)))
		return;
	for (i = 0; i < pair->mon->cpus.count; i++) {
		row = row_on_cpu(pair, event, key, i);
		if (!row.moved.events && !(all && row.total.events))
			continue;
		cpu_text(event, key, &pair->mon->cpus.cpu[i], text);
		print_row(event, key, text, &row);
	}
	cpu_text(event, key, NULL, text);
	print_row(event, key, text, &sum);
}

/* Whether no event has come since the programs are there. */
static bool nothing_yet(const struct monitor_record *now)
{
	unsigned int key;
	int i;

	for (i = 0; i < EVENTS; i++)
		for (key = 0; key < now->mon->keys[i]; key++)
			if (monitor_sum(now, (enum event)i, key).events)
				return false;
	return !now->missed;
}

static void print_table(const struct pair *pair)
{
	uint64_t missed = pair->now->missed - pair->before->missed;
	unsigned int key;
	int i;

	printf("%-15s %-8s %13s %13s  %s\n", "XDP-event", "CPU:to", "pps", "drop-pps",
	       "extra-info");
	for (i = 0; i < EVENTS; i++)
		for (key = 0; key < pair->mon->keys[i]; key++)
			print_key(pair, (enum event)i, key);
	/* An empty table looks like a command that does not work. */
	if (!pair->mon->opts.all && nothing_yet(pair->now))
		printf("nothing has happened yet\n");
	if (missed)
		printf("missed: %" PRIu64 " events of any kind\n", missed);
	printf("\n");
}

/* JSON: all that was counted, as one line. */

/* The members of a counter, in the object that is open. */
static void json_counter(struct json *json, const struct monitor_event *event,
			 const struct row *row)
{
	const struct monitor_number *number;
	const struct event_count *total = &row->total;

	json_member(json, "packets", "%" PRIu64, (uint64_t)total->packets);
	json_member(json, "pps", "%.0f", rate(row, row->moved.packets));
	json_member(json, "drops", "%" PRIu64, (uint64_t)total->drops);
	json_member(json, "drop_pps", "%.0f", rate(row, row->moved.drops));
	for (number = event->number; number->metric; number++) {
		if (!number->json)
			continue;
		json_member(json, number->json, "%" PRIu64, monitor_value(total, number));
		if (is_bulk(number))
			json_member(json, "bulk_average", "%.2f", bulk(row));
	}
}

/* A counter, and what it is made of: CPUs that packets come from, or all. */
static void json_key(struct json *json, const char *name, const struct pair *pair, enum event event,
		     unsigned int key)
{
	const struct monitor_event *info = &monitor_events[event];
	struct row row = row_sum(pair, event, key);
	char cpu[CPU_TEXT_MAX];
	unsigned int i;

	json_open(json, name, '{');
	json_counter(json, info, &row);
	json_open(json, info->key == KEY_CPU ? "from" : "cpus", '{');
	for (i = 0; i < pair->mon->cpus.count; i++) {
		row = row_on_cpu(pair, event, key, i);
		if (!row.total.events)
			continue;
		snprintf(cpu, sizeof(cpu), "%u", pair->mon->cpus.cpu[i]);
		json_open(json, cpu, '{');
		json_counter(json, info, &row);
		json_close(json);
	}
	json_close(json);
	json_close(json);
}

static void json_event(struct json *json, const struct pair *pair, enum event event)
{
	const struct monitor_event *info = &monitor_events[event];
	char name[KEY_NAME_MAX];
	unsigned int key;

	if (info->key == KEY_NONE) {
		json_key(json, info->json, pair, event, 0);
		return;
	}
	json_open(json, info->json, '{');
	for (key = 0; key < pair->mon->keys[event]; key++)
		if (is_known(pair, event, key) || monitor_sum(pair->now, event, key).events)
			json_key(json, monitor_key_name(info->key, key, name), pair, event, key);
	json_close(json);
}

static void print_json(const struct pair *pair)
{
	struct json json = { .out = stdout };
	int i;

	stats_json_open(&json, pair->mon->opts.dev.name, pair->now->time - pair->before->time);
	for (i = 0; i < EVENTS; i++)
		if (monitor_events[i].map)
			json_event(&json, pair, (enum event)i);
	json_member(&json, "missed", "%" PRIu64, pair->now->missed);
	json_close(&json);
}

/* The loop. */

static int report(struct monitor *mon, const struct stats_opts *opts, bool table,
		  struct monitor_record *before)
{
	struct monitor_record now;
	struct pair pair = { mon, &now, before };
	int err;

	err = monitor_watch(mon);
	if (!err)
		err = monitor_collect(mon, &now);
	if (err)
		return err;
	if (opts->json)
		print_json(&pair);
	else if (table)
		print_table(&pair);
	monitor_release(before);
	*before = now;
	return output_flush();
}

int monitor_report(struct monitor *mon, const struct stats_opts *opts, struct metrics_http *server)
{
	/* --quiet leaves out the table where the counters are served as metrics. */
	bool table = !server || log_shows(LOG_LEVEL_INFO);
	struct monitor_record before;
	unsigned int reports = 0;
	double wait, started;
	int err;

	err = monitor_collect(mon, &before);
	if (err)
		return err;
	started = before.time;
	while (!err) {
		wait = stats_wait_time(opts, reports++, started);
		if (wait < 0 || metrics_http_wait(server, wait))
			break;
		err = report(mon, opts, table, &before);
	}
	monitor_release(&before);
	return err;
}
