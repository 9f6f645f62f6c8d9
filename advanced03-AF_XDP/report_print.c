// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A report as a table for people, or as JSON for programs. */
#include <stdio.h>

#include "log.h"
#include "report.h"

#define BITS_PER_BYTE 8
#define MILLION 1e6

/* What to print of one queue, or of all of them. */
struct line {
	struct traffic rx, tx; /* totals */
	double rx_pps, rx_mbps, tx_pps, tx_mbps;
};

static double per_second(uint64_t now, uint64_t before, double period)
{
	return period > 0 ? (double)(now - before) / period : 0;
}

/* Add a queue to a line. */
static void add(struct line *line, const struct worker_counts *now,
		const struct worker_counts *before, double period)
{
	line->rx.packets += now->rx.packets;
	line->rx.bytes += now->rx.bytes;
	line->tx.packets += now->tx.packets;
	line->tx.bytes += now->tx.bytes;
	line->rx_pps += per_second(now->rx.packets, before->rx.packets, period);
	line->tx_pps += per_second(now->tx.packets, before->tx.packets, period);
	line->rx_mbps += per_second(now->rx.bytes, before->rx.bytes, period) * BITS_PER_BYTE /
			 MILLION;
	line->tx_mbps += per_second(now->tx.bytes, before->tx.bytes, period) * BITS_PER_BYTE /
			 MILLION;
}

static void print_row(const char *name, const char *way, const struct traffic *total, double pps,
		      double mbps)
{
	char packets[STATS_GROUPED_MAX], rate[STATS_GROUPED_MAX];
	char kbytes[STATS_GROUPED_MAX];

	printf("%-9s %2s %15s %13s %15s %11.3f", name, way, stats_grouped(total->packets, packets),
	       stats_grouped((unsigned long long)(pps + 0.5), rate),
	       stats_grouped(total->bytes / 1000, kbytes), mbps);
}

static void print_rows(const char *name, const struct line *line, double period)
{
	print_row(name, "RX", &line->rx, line->rx_pps, line->rx_mbps);
	printf(" %7.2f s\n", period);
	print_row(name, "TX", &line->tx, line->tx_pps, line->tx_mbps);
	printf(" %7.2f s\n", period);
}

/* What the kernel has counted, and where the frames are, of all sockets. */
static void print_sums(const struct group *group, const struct record *now)
{
	struct xdp_statistics kernel = { 0 };
	struct xsk_frame_counts frames = { 0 };
	unsigned int i;

	for (i = 0; i < group->count; i++) {
		const struct worker_counts *c = &now->worker[i];

		kernel.rx_dropped += c->kernel.rx_dropped;
		kernel.rx_invalid_descs += c->kernel.rx_invalid_descs;
		kernel.tx_invalid_descs += c->kernel.tx_invalid_descs;
		kernel.rx_ring_full += c->kernel.rx_ring_full;
		kernel.rx_fill_ring_empty_descs += c->kernel.rx_fill_ring_empty_descs;
		kernel.tx_ring_empty_descs += c->kernel.tx_ring_empty_descs;
		frames.free += c->frames.free;
		frames.fill += c->frames.fill;
		frames.rx += c->frames.rx;
		frames.tx += c->frames.tx;
		frames.completion += c->frames.completion;
	}
	printf("kernel: rx_dropped %llu, rx_ring_full %llu, rx_fill_ring_empty_descs %llu,\n"
	       "        rx_invalid_descs %llu, tx_invalid_descs %llu, tx_ring_empty_descs %llu\n",
	       kernel.rx_dropped, kernel.rx_ring_full, kernel.rx_fill_ring_empty_descs,
	       kernel.rx_invalid_descs, kernel.tx_invalid_descs, kernel.tx_ring_empty_descs);
	printf("frames: free %u, fill %u, rx %u, tx %u, completion %u\n", frames.free, frames.fill,
	       frames.rx, frames.tx, frames.completion);
}

/* Where packets of one queue have gone. */
static void print_details(const struct group *group, const struct record *now, unsigned int i)
{
	const struct xsk *xsk = &group->workers[i].xsk;
	const struct worker_counts *c = &now->worker[i];

	printf("queue %u, %s: %llu seen, %llu steered, %llu ignored, %llu not sent\n", xsk->queue,
	       xsk->zero_copy ? "zero-copy" : "copy", now->queue[xsk->queue].seen,
	       now->queue[xsk->queue].steered, (unsigned long long)c->ignored,
	       (unsigned long long)c->tx_dropped);
}

static void print_table(const struct group *group, const struct record *now,
			const struct record *before)
{
	double period = now->time - before->time;
	struct line sum = { 0 };
	char name[32];
	unsigned int i;

	printf("%-12s %15s %13s %15s %11s %9s\n", "socket", "packets", "pps", "Kbytes", "Mbit/s",
	       "period");
	for (i = 0; i < group->count; i++) {
		struct line line = { 0 };

		add(&line, &now->worker[i], &before->worker[i], period);
		add(&sum, &now->worker[i], &before->worker[i], period);
		snprintf(name, sizeof(name), "queue %u", group->workers[i].xsk.queue);
		print_rows(name, &line, period);
	}
	if (group->count > 1)
		print_rows("sum", &sum, period);
	for (i = 0; i < group->count; i++)
		print_details(group, now, i);
	print_sums(group, now);
	printf("\n");
}

static void print_json_traffic(const char *way, const struct traffic *total, double pps,
			       double mbps)
{
	printf("\"%s\": {\"packets\": %llu, \"bytes\": %llu, ", way,
	       (unsigned long long)total->packets, (unsigned long long)total->bytes);
	printf("\"pps\": %.0f, \"mbps\": %.3f}", pps, mbps);
}

static void print_json_line(const struct line *line)
{
	print_json_traffic("rx", &line->rx, line->rx_pps, line->rx_mbps);
	printf(", ");
	print_json_traffic("tx", &line->tx, line->tx_pps, line->tx_mbps);
}

static void print_json_details(const struct group *group, const struct record *now, unsigned int i)
{
	const struct xsk *xsk = &group->workers[i].xsk;
	const struct worker_counts *c = &now->worker[i];

	printf(", \"mode\": \"%s\"", xsk->zero_copy ? "zero-copy" : "copy");
	printf(", \"seen\": %llu, \"steered\": %llu", now->queue[xsk->queue].seen,
	       now->queue[xsk->queue].steered);
	printf(", \"ignored\": %llu, \"tx_dropped\": %llu", (unsigned long long)c->ignored,
	       (unsigned long long)c->tx_dropped);
	printf(", \"kernel\": {\"rx_dropped\": %llu, \"rx_ring_full\": %llu", c->kernel.rx_dropped,
	       c->kernel.rx_ring_full);
	printf(", \"rx_fill_ring_empty_descs\": %llu", c->kernel.rx_fill_ring_empty_descs);
	printf(", \"rx_invalid_descs\": %llu, \"tx_invalid_descs\": %llu",
	       c->kernel.rx_invalid_descs, c->kernel.tx_invalid_descs);
	printf(", \"tx_ring_empty_descs\": %llu}", c->kernel.tx_ring_empty_descs);
	printf(", \"frames\": {\"free\": %u, \"fill\": %u, \"rx\": %u", c->frames.free,
	       c->frames.fill, c->frames.rx);
	printf(", \"tx\": %u, \"completion\": %u}", c->frames.tx, c->frames.completion);
}

static void print_json(const struct group *group, const struct record *now,
		       const struct record *before)
{
	double period = now->time - before->time;
	struct line sum = { 0 };
	unsigned int i;

	stats_json_begin(group->dev.name, period);
	printf("\"queues\": {");
	for (i = 0; i < group->count; i++) {
		struct line line = { 0 };

		add(&line, &now->worker[i], &before->worker[i], period);
		add(&sum, &now->worker[i], &before->worker[i], period);
		printf("%s\"%u\": {", i ? ", " : "", group->workers[i].xsk.queue);
		print_json_line(&line);
		print_json_details(group, now, i);
		printf("}");
	}
	printf("}, \"sum\": {");
	print_json_line(&sum);
	printf("}}\n");
}

int report_print(const struct group *group, const struct stats_opts *opts, const struct record *now,
		 const struct record *before)
{
	if (opts->json)
		print_json(group, now, before);
	else
		print_table(group, now, before);
	return output_flush();
}
