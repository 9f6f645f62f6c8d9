// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The counters, from one report to the next. */
#include "link.h"
#include "log.h"
#include "net/peer.h"
#include "report.h"
#include "report_print.h"
#include "stats.h"

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
static void warn(struct report *report, const struct report_record *now)
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
static int look(struct report *report, struct report_record *now)
{
	int err = collect(report, now);

	if (!err)
		warn(report, now);
	return err;
}

int report_print(struct report *report)
{
	const struct gen_opts *opts = report->sender->opts;
	struct report_record now;
	int err = look(report, &now);

	if (err)
		return err;
	if (opts->json)
		report_print_json(report, &report->last, &now);
	else if (log_shows(LOG_LEVEL_INFO))
		report_print_row(opts, &report->last, &now, !report->rows++);
	report->last = now;
	return output_flush();
}

int report_end(struct report *report)
{
	const struct gen_opts *opts = report->sender->opts;
	struct report_record now;
	int err = look(report, &now);

	if (err)
		return err;
	if (opts->json)
		report_print_json(report, NULL, &now);
	else if (log_shows(LOG_LEVEL_INFO))
		report_print_total(opts, &report->first, &now);
	return output_flush();
}
