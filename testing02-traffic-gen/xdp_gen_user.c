// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Send UDP packets, at a rate or as fast as it goes: the options, and the loop that
 * sends what is due, sleeps until more is, and reports.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>

#include "clock.h"
#include "gen.h"
#include "log.h"
#include "options.h"
#include "packets/schedule.h"
#include "signals.h"
#include "stats.h"

#define RATE_MAX 100000000.0
#define CPU_MAX (CPU_SETSIZE - 1)
#define TIMER_SLACK_NS 1000UL

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct gen_opts, dev),
	OPTION_RANGE("rate", 'r', "PPS", OPTION_UINT, struct gen_opts, rate, 1, RATE_MAX,
		     "packets a second; here -r is not --redirect-dev (default: no limit)"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct gen_opts, count, 1, 4294967295.0,
		     "stop after N packets"),
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, struct gen_opts, duration,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX, "stop after this time"),
	OPTION_RANGE("size", 's', "N", OPTION_UINT, struct gen_opts, size, 1, FRAME_MAX,
		     "frame size in bytes, headers included (default 64)"),
	OPTION_RANGE("flows", 0, "N", OPTION_UINT, struct gen_opts, flows, 1, PORT_MAX + 1,
		     "number of flows: source ports used in turn (default 1)"),
	OPTION("ipv6", '6', NULL, OPTION_FLAG, struct gen_opts, ipv6, "send IPv6 instead of IPv4"),
	OPTION_RANGE("vlan", 0, "ID", OPTION_UINT, struct gen_opts, vlan, 1, 4094,
		     "VLAN tag of each frame (default: none)"),
	OPTION("dst", 0, "ADDR", OPTION_ADDR, struct gen_opts, dst,
	       "destination address (default: a neighbour of the interface)"),
	OPTION("src", 0, "ADDR", OPTION_ADDR, struct gen_opts, src,
	       "source address (default: the interface's own)"),
	OPTION_RANGE("dport", 0, "PORT", OPTION_UINT, struct gen_opts, dport, 0, PORT_MAX,
		     "destination port (default 9, discard)"),
	OPTION_RANGE("sport", 0, "PORT", OPTION_UINT, struct gen_opts, sport, 0, PORT_MAX,
		     "first source port (default 1024)"),
	OPTION("src-mac", 'L', "MAC", OPTION_MAC, struct gen_opts, src_mac,
	       "source MAC address (default: the interface's own)"),
	OPTION("dest-mac", 'R', "MAC", OPTION_MAC, struct gen_opts, dst_mac,
	       "destination MAC address (default: the neighbour's)"),
	OPTION_RANGE("cpu", 0, "N", OPTION_UINT, struct gen_opts, cpu, 0, CPU_MAX,
		     "CPU to send from (default: any)"),
	OPTION("packet-socket", 0, NULL, OPTION_FLAG, struct gen_opts, packet_socket,
	       "send through a packet socket, not by live frames: slower"),
	OPTION_RANGE("interval", 'i', "SECONDS", OPTION_SECONDS, struct gen_opts, interval,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX,
		     "time between two reports, fractions allowed (default 2)"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct gen_opts, json,
	       "print one JSON object a line instead of the table"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Send UDP packets out of an interface, made by the kernel (live frames), until\n"
		   "--count, --duration or a signal ends it.",
	.options = options,
};

/* Wake up on time, and on the CPU that was asked for. */
static int pin_to_cpu(const struct gen_opts *opts)
{
	cpu_set_t set;

	prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS);
	if (opts->cpu == GEN_ANY_CPU)
		return 0;
	CPU_ZERO(&set);
	CPU_SET(opts->cpu, &set);
	if (!sched_setaffinity(0, sizeof(set), &set))
		return 0;
	pr_err("cannot stay on CPU %u: %s", opts->cpu, strerror(errno));
	return -EINVAL;
}

/* Until the next frames or the next report. True: a signal has come. */
static bool sleep_until_due(const struct schedule *schedule, double now, double sent,
			    double next_report)
{
	double wake = schedule_next(schedule, now, sent);

	if (wake > next_report)
		wake = next_report;
	wake -= monotonic_now();
	return signals_wait(wake > 0 ? wake : 0);
}

/*
 * Send what is due, or sleep when nothing is. Returns 1 when there is more to
 * be done, 0 at the end, or -errno after one error line.
 */
static int send_due(struct sender *sender, struct schedule *schedule, double next_report)
{
	double now = monotonic_now(), sent = (double)sender_sent(sender);
	unsigned int due = schedule_due(schedule, now, sent);
	int err;

	if (!due && schedule_is_over(schedule, now, sent))
		return 0;
	if (!due)
		return !sleep_until_due(schedule, now, sent, next_report);
	if (signals_pending())
		return 0;
	err = sender_send(sender, due);
	schedule_learn(schedule, due, monotonic_now() - now);
	return err ? err : 1;
}

/* Send and report until @sender->opts or a signal ends it: 0, or -errno. */
static int run(struct sender *sender)
{
	const struct gen_opts *opts = sender->opts;
	const struct schedule_opts wanted = { .pps = opts->rate,
					      .count = opts->count,
					      .duration = opts->duration };
	double interval = opts->interval, next_report;
	struct report report;
	struct schedule schedule;
	int more = 1, err;

	err = report_begin(&report, sender);
	if (err)
		return err;
	schedule_begin(&schedule, &wanted, monotonic_now());
	next_report = schedule.zero + (interval < STATS_FIRST ? interval : STATS_FIRST);
	while (more > 0 && !err) {
		more = send_due(sender, &schedule, next_report);
		if (more > 0 && monotonic_now() >= next_report) {
			err = report_print(&report);
			next_report += interval;
		}
	}
	if (more < 0)
		return more;
	return err ? err : report_end(&report);
}

int main(int argc, char **argv)
{
	struct gen_opts opts = { .flows = 1,
				 .sport = GEN_SPORT,
				 .dport = GEN_DPORT,
				 .cpu = GEN_ANY_CPU,
				 .interval = STATS_INTERVAL };
	static struct sender sender;
	sigset_t signals;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	err = setup_complete(&opts);
	if (!err)
		err = pin_to_cpu(&opts);
	if (err)
		return options_status(err);

	signals_hold(&signals);
	err = sender_open(&sender, &opts);
	if (!err)
		err = run(&sender);
	sender_close(&sender);
	signals_restore(&signals);
	return attach_status(err);
}
