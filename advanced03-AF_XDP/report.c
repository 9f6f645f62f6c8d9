// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Counters of all queues, those of the threads, the sockets and the program:
 * printed as a table for people, or as JSON for programs.
 */
#include <stddef.h>
#include <stdio.h>

#include "json.h"
#include "log.h"
#include "report.h"

#define BITS_PER_BYTE 8
#define MILLION 1e6

/* Packets of one direction: all of them, and how fast they came or went. */
struct rate {
	struct traffic total;
	double pps, mbps;
};

/* Of one queue, or of all of them. */
struct rates {
	struct rate rx, tx;
};

static void add_rate(struct rate *rate, const struct traffic *now, const struct traffic *before,
		     double period)
{
	rate->total.packets += now->packets;
	rate->total.bytes += now->bytes;
	if (period <= 0)
		return;
	rate->pps += (double)(now->packets - before->packets) / period;
	rate->mbps += (double)(now->bytes - before->bytes) / period * BITS_PER_BYTE / MILLION;
}

/* Those of socket @i, which are added to @sum. */
static struct rates rates_of(const struct record *now, const struct record *before, unsigned int i,
			     struct rates *sum)
{
	const struct worker_counts *is = &now->worker[i], *was = &before->worker[i];
	double period = now->time - before->time;
	struct rates rates = { 0 };

	add_rate(&rates.rx, &is->rx, &was->rx, period);
	add_rate(&rates.tx, &is->tx, &was->tx, period);
	add_rate(&sum->rx, &is->rx, &was->rx, period);
	add_rate(&sum->tx, &is->tx, &was->tx, period);
	return rates;
}

/* Counters of a socket that are printed under their own names, in this order. */
struct column {
	const char *name;
	size_t offset, size; /* in struct worker_counts */
};

/* clang-format off */
#define COLUMN(set, name) \
	{ #name, offsetof(struct worker_counts, set.name), \
	  sizeof(((struct worker_counts *)0)->set.name) }

static const struct column kernel_columns[] = {
	COLUMN(kernel, rx_dropped),
	COLUMN(kernel, rx_ring_full),
	COLUMN(kernel, rx_fill_ring_empty_descs),
	COLUMN(kernel, rx_invalid_descs),
	COLUMN(kernel, tx_invalid_descs),
	COLUMN(kernel, tx_ring_empty_descs),
	{ 0 }
};

static const struct column frames_columns[] = {
	COLUMN(frames, free),
	COLUMN(frames, fill),
	COLUMN(frames, rx),
	COLUMN(frames, tx),
	COLUMN(frames, completion),
	{ 0 }
};
/* clang-format on */

static unsigned long long value_of(const struct column *column, const struct worker_counts *counts)
{
	const char *at = (const char *)counts + column->offset;

	return column->size == sizeof(__u64) ? *(const __u64 *)at : *(const unsigned int *)at;
}

static void print_row(const char *name, const char *direction, const struct rate *rate,
		      double period)
{
	char packets[STATS_GROUPED_MAX], pps[STATS_GROUPED_MAX], kbytes[STATS_GROUPED_MAX];

	printf("%-9s %2s %15s %13s %15s %11.3f %7.2f s\n", name, direction,
	       stats_grouped(rate->total.packets, packets),
	       stats_grouped((unsigned long long)(rate->pps + 0.5), pps),
	       stats_grouped(rate->total.bytes / 1000, kbytes), rate->mbps, period);
}

static void print_rows(const char *name, const struct rates *rates, double period)
{
	print_row(name, "RX", &rates->rx, period);
	print_row(name, "TX", &rates->tx, period);
}

/* Where packets of one queue have gone. */
static void print_details(const struct record *now, unsigned int i)
{
	const struct worker_counts *counts = &now->worker[i];
	const struct queue_rec *queue = &now->queue[counts->queue];

	printf("queue %u, %s: %llu seen, %llu steered, %llu ignored, %llu not sent\n",
	       counts->queue, counts->zero_copy ? "zero-copy" : "copy", queue->seen, queue->steered,
	       (unsigned long long)counts->ignored, (unsigned long long)counts->tx_dropped);
}

/* The sums over all sockets; with the one numbered @wrap a line begins. */
static void print_sums(const char *title, const struct column *columns, unsigned int wrap,
		       const struct record *now)
{
	unsigned long long sum;
	unsigned int i, w;

	printf("%s:", title);
	for (i = 0; columns[i].name; i++) {
		for (sum = 0, w = 0; w < now->count; w++)
			sum += value_of(&columns[i], &now->worker[w]);
		printf("%s %s %llu",
		       !i	 ? "" :
		       i == wrap ? ",\n       " :
				   ",",
		       columns[i].name, sum);
	}
	printf("\n");
}

static void print_table(const struct record *now, const struct record *before)
{
	double period = now->time - before->time;
	struct rates rates, sum = { 0 };
	char name[32];
	unsigned int i;

	printf("%-12s %15s %13s %15s %11s %9s\n", "socket", "packets", "pps", "Kbytes", "Mbit/s",
	       "period");
	for (i = 0; i < now->count; i++) {
		rates = rates_of(now, before, i, &sum);
		snprintf(name, sizeof(name), "queue %u", now->worker[i].queue);
		print_rows(name, &rates, period);
	}
	if (now->count > 1)
		print_rows("sum", &sum, period);
	for (i = 0; i < now->count; i++)
		print_details(now, i);
	print_sums("kernel", kernel_columns, 3, now);
	print_sums("frames", frames_columns, 0, now);
	printf("\n");
}

static void json_rate(struct json *json, const char *name, const struct rate *rate)
{
	json_open(json, name, '{');
	json_member(json, "packets", "%llu", (unsigned long long)rate->total.packets);
	json_member(json, "bytes", "%llu", (unsigned long long)rate->total.bytes);
	json_member(json, "pps", "%.0f", rate->pps);
	json_member(json, "mbps", "%.3f", rate->mbps);
	json_close(json);
}

static void json_columns(struct json *json, const char *name, const struct column *columns,
			 const struct worker_counts *counts)
{
	json_open(json, name, '{');
	for (; columns->name; columns++)
		json_member(json, columns->name, "%llu", value_of(columns, counts));
	json_close(json);
}

static void json_queue(struct json *json, const struct record *now, unsigned int i,
		       const struct rates *rates)
{
	const struct worker_counts *counts = &now->worker[i];
	const struct queue_rec *queue = &now->queue[counts->queue];
	char name[16];

	snprintf(name, sizeof(name), "%u", counts->queue);
	json_open(json, name, '{');
	json_rate(json, "rx", &rates->rx);
	json_rate(json, "tx", &rates->tx);
	json_text(json, "mode", counts->zero_copy ? "zero-copy" : "copy");
	json_member(json, "seen", "%llu", queue->seen);
	json_member(json, "steered", "%llu", queue->steered);
	json_member(json, "ignored", "%llu", (unsigned long long)counts->ignored);
	json_member(json, "tx_dropped", "%llu", (unsigned long long)counts->tx_dropped);
	json_columns(json, "kernel", kernel_columns, counts);
	json_columns(json, "frames", frames_columns, counts);
	json_close(json);
}

static void print_json(const char *ifname, const struct record *now, const struct record *before)
{
	struct rates rates, sum = { 0 };
	struct json json = { .out = stdout };
	unsigned int i;

	stats_json_open(&json, ifname, now->time - before->time);
	json_open(&json, "queues", '{');
	for (i = 0; i < now->count; i++) {
		rates = rates_of(now, before, i, &sum);
		json_queue(&json, now, i, &rates);
	}
	json_close(&json);
	json_open(&json, "sum", '{');
	json_rate(&json, "rx", &sum.rx);
	json_rate(&json, "tx", &sum.tx);
	json_close(&json);
	json_close(&json);
}

int report_print(const char *ifname, const struct stats_opts *opts, const struct record *now,
		 const struct record *before)
{
	if (opts->json)
		print_json(ifname, now, before);
	else
		print_table(now, before);
	return output_flush();
}
