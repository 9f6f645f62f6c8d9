// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Packets, rates and losses. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <linux/if_link.h>

#include "json.h"
#include "log.h"
#include "packet_socket.h"
#include "report.h"
#include "rtnl.h"

#define NS_PER_SECOND 1e9
#define BITS_PER_BYTE 8
#define MILLION 1e6

double report_clock(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / NS_PER_SECOND;
}

struct dropped {
	int ifindex;
	bool found;
	unsigned long long count;
};

static void look_at_link(const struct nlmsghdr *hdr, void *context)
{
	const struct ifinfomsg *info = NLMSG_DATA(hdr);
	const struct rtattr *table[IFLA_MAX + 1];
	struct rtnl_link_stats64 stats;
	struct dropped *dropped = context;

	if (info->ifi_index != dropped->ifindex)
		return;
	rtnl_parse(hdr, sizeof(*info), table, IFLA_MAX);
	dropped->found = true;
	if (!table[IFLA_STATS64])
		return;
	memcpy(&stats, RTA_DATA(table[IFLA_STATS64]), sizeof(stats));
	dropped->count = stats.tx_dropped + stats.tx_errors;
}

/* What the interface could not get rid of, by its own counters. */
static int count_dropped(const struct sender *sender, unsigned long long *count)
{
	const struct netif *dev = &sender->opts->dev;
	struct dropped dropped = { .ifindex = dev->index };
	int err = rtnl_list(RTM_GETLINK, 0, look_at_link, &dropped);

	if (err) {
		pr_err("cannot ask for the counters of '%s': %s", dev->name,
		       strerror(-err));
		return -EIO;
	}
	if (!dropped.found) {
		pr_err("interface '%s' is gone", dev->name);
		return -ENODEV;
	}
	*count = dropped.count;
	if (sender->socket)
		*count += packet_socket_lost(sender->socket);
	return 0;
}

static int collect(const struct report *report, struct report_record *rec)
{
	unsigned long long count;
	int err = count_dropped(report->sender, &count);

	rec->time = report_clock();
	rec->packets = sender_sent(report->sender);
	rec->dropped = count - report->dropped;
	return err;
}

int report_begin(struct report *report, const struct sender *sender)
{
	int err;

	*report = (struct report){ .sender = sender };
	err = count_dropped(sender, &report->dropped);
	if (err)
		return err;
	return collect(report, &report->first) ?:
						 (report->last = report->first, 0);
}

static void print_json(const struct report *report,
		       const struct report_record *before,
		       const struct report_record *now, bool total)
{
	const struct gen_opts *opts = report->sender->opts;
	double period = now->time - before->time;
	double pps = period > 0 ? (double)(now->packets - before->packets) / period : 0;
	struct timespec clock = { 0 };

	clock_gettime(CLOCK_REALTIME, &clock);
	printf("{\"time\": %lld.%03ld, \"ifname\": ", (long long)clock.tv_sec,
	       clock.tv_nsec / 1000000);
	json_string(stdout, opts->dev.name);
	printf(", \"period\": %.3f, \"packets\": %llu, \"bytes\": %llu, ",
	       period, now->packets, now->packets * opts->size);
	printf("\"dropped\": %llu, \"pps\": %.0f, \"mbps\": %.3f%s}\n",
	       now->dropped, pps, pps * opts->size * BITS_PER_BYTE / MILLION,
	       total ? ", \"total\": true" : "");
}

static void print_row(struct report *report,
		      const struct report_record *before,
		      const struct report_record *now)
{
	const struct gen_opts *opts = report->sender->opts;
	double period = now->time - before->time;
	double pps = period > 0 ? (double)(now->packets - before->packets) / period : 0;

	if (!report->lines++)
		printf("%15s %13s %11s %13s %9s\n", "packets", "pps", "Mbit/s",
		       "dropped", "period");
	printf("%15llu %13.0f %11.3f %13llu %7.2f s\n", now->packets, pps,
	       pps * opts->size * BITS_PER_BYTE / MILLION, now->dropped, period);
}

int report_print(struct report *report)
{
	struct report_record now;
	int err = collect(report, &now);

	if (err)
		return err;
	if (report->sender->opts->json)
		print_json(report, &report->last, &now, false);
	else if (log_shows(LOG_LEVEL_INFO))
		print_row(report, &report->last, &now);
	report->last = now;
	return log_flush();
}

int report_end(struct report *report)
{
	struct report_record now;
	int err = collect(report, &now);

	if (err)
		return err;
	if (report->sender->opts->json)
		print_json(report, &report->first, &now, true);
	else if (log_shows(LOG_LEVEL_INFO))
		printf("sent %llu packets in %.2f s: %.0f pps, %llu dropped\n",
		       now.packets, now.time - report->first.time,
		       (double)now.packets / (now.time - report->first.time),
		       now.dropped);
	return log_flush();
}
