// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What was sent: rows for people, objects for programs, from one to the next. */
#include <stdio.h>

#include "clock.h"
#include "gen.h"
#include "json.h"
#include "log.h"
#include "net/peer.h"

#define BITS_PER_BYTE 8
#define MILLION 1e6

struct rates {
	double period, pps, mbps;
};

static struct rates rates_of(const struct gen_opts *opts, const struct report_record *before,
			     const struct report_record *now)
{
	struct rates rates = { .period = now->time - before->time };

	if (rates.period > 0)
		rates.pps = (double)(now->packets - before->packets) / rates.period;
	rates.mbps = rates.pps * opts->size * BITS_PER_BYTE / MILLION;
	return rates;
}

static void print_row(const struct gen_opts *opts, const struct report_record *before,
		      const struct report_record *now, bool head)
{
	struct rates rates = rates_of(opts, before, now);

	if (head)
		printf("%15s %13s %11s %13s %9s\n", "packets", "pps", "Mbit/s", "dropped",
		       "period");
	printf("%15llu %13.0f %11.3f %13llu %7.2f s\n", now->packets, rates.pps, rates.mbps,
	       now->dropped, rates.period);
}

static void print_total(const struct gen_opts *opts, const struct report_record *first,
			const struct report_record *now)
{
	struct rates rates = rates_of(opts, first, now);

	printf("sent %llu packets of %u bytes in %.2f s, %.0f a second; %llu dropped by '%s'\n",
	       now->packets, opts->size, rates.period, rates.pps, now->dropped, opts->dev.name);
}

/* Without @before it is the last one, with the rates of all the time. */
static void print_json(const struct report *report, const struct report_record *before,
		       const struct report_record *now)
{
	const struct gen_opts *opts = report->sender->opts;
	struct rates rates = rates_of(opts, before ? before : &report->first, now);
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	json_member(&json, "time", "%.3f", (double)(wall_clock_ns() / 1000000) / 1e3);
	json_text(&json, "ifname", opts->dev.name);
	json_text(&json, "via", report->sender->socket ? "packet socket" : "live frames");
	json_member(&json, "period", "%.3f", rates.period);
	json_member(&json, "packets", "%llu", now->packets);
	json_member(&json, "bytes", "%llu", now->packets * opts->size);
	json_member(&json, "dropped", "%llu", now->dropped);
	json_member(&json, "pps", "%.0f", rates.pps);
	json_member(&json, "mbps", "%.3f", rates.mbps);
	if (!before)
		json_member(&json, "total", "true");
	json_close(&json);
}

static int collect(const struct report *report, struct report_record *rec)
{
	struct link link;
	int err = link_get(&report->sender->opts->dev, &link);

	if (err)
		return err;
	*rec = (struct report_record){
		.time = monotonic_now(),
		.packets = sender_sent(report->sender),
		.left = link.left,
		.dropped = link.dropped - report->first.dropped,
	};
	return 0;
}

int report_begin(struct report *report, const struct sender *sender)
{
	int err;

	*report = (struct report){ .sender = sender };
	err = collect(report, &report->first);
	report->last = report->first;
	report->last.dropped = 0;
	return err;
}

/* What is redirected to a veth can be lost without being counted. */
static void warn_of_loss(struct report *report, const struct report_record *now)
{
	const struct netif *dev = &report->sender->opts->dev;
	char reason[PEER_REASON_MAX];

	if (report->warned || report->sender->socket || now->packets == report->last.packets ||
	    now->left != report->last.left || peer_check_redirect(dev, reason, sizeof(reason)) <= 0)
		return;
	pr_warn("nothing leaves '%s': %s", dev->name, reason);
	report->warned = true;
}

/* What there is to report now, and to warn of. */
static int collect_and_warn(struct report *report, struct report_record *now)
{
	int err = collect(report, now);

	if (!err)
		warn_of_loss(report, now);
	return err;
}

int report_print(struct report *report)
{
	const struct gen_opts *opts = report->sender->opts;
	struct report_record now;
	int err = collect_and_warn(report, &now);

	if (err)
		return err;
	if (opts->json)
		print_json(report, &report->last, &now);
	else if (log_shows(LOG_LEVEL_INFO))
		print_row(opts, &report->last, &now, !report->rows++);
	report->last = now;
	return output_flush();
}

int report_end(struct report *report)
{
	const struct gen_opts *opts = report->sender->opts;
	struct report_record now;
	int err = collect_and_warn(report, &now);

	if (err)
		return err;
	if (opts->json)
		print_json(report, NULL, &now);
	else if (log_shows(LOG_LEVEL_INFO))
		print_total(opts, &report->first, &now);
	return output_flush();
}
