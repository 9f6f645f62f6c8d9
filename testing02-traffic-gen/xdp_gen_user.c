// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Send UDP packets, at a rate or as fast as it goes. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>

#include "check.h"
#include "frame.h"
#include "log.h"
#include "options.h"
#include "pace.h"
#include "signals.h"
#include "stats.h"
#include "target.h"

#define RATE_MAX 100000000.0
#define CPU_MAX (CPU_SETSIZE - 1)
#define TIMER_SLACK_NS 1000UL

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct gen_opts, dev),
	OPTION_RANGE("rate", 'r', "PPS", OPTION_UINT, struct gen_opts, rate, 1, RATE_MAX,
		     "packets a second (default: as many as go)"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct gen_opts, count, 1, 4294967295.0,
		     "stop after N packets"),
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, struct gen_opts, duration,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX, "stop after this time"),
	OPTION_RANGE("size", 's', "N", OPTION_UINT, struct gen_opts, size, 1, FRAME_MAX,
		     "bytes of a frame, with all headers (default 64)"),
	OPTION_RANGE("flows", 0, "N", OPTION_UINT, struct gen_opts, flows, 1, PORT_MAX + 1,
		     "source ports in turn (default 1)"),
	OPTION("ipv6", '6', NULL, OPTION_FLAG, struct gen_opts, ipv6, "IPv6 instead of IPv4"),
	OPTION_RANGE("vlan", 0, "ID", OPTION_UINT, struct gen_opts, vlan, 1, 4094,
		     "put a VLAN tag on each frame"),
	OPTION("dst", 0, "ADDR", OPTION_ADDR, struct gen_opts, dst,
	       "to this address (default: a neighbour of the interface)"),
	OPTION("src", 0, "ADDR", OPTION_ADDR, struct gen_opts, src,
	       "from this address (default: the interface's own)"),
	OPTION_RANGE("dport", 0, "PORT", OPTION_UINT, struct gen_opts, dport, 0, PORT_MAX,
		     "to this port (default 9, discard)"),
	OPTION_RANGE("sport", 0, "PORT", OPTION_UINT, struct gen_opts, sport, 0, PORT_MAX,
		     "from this port on (default 1024)"),
	OPTION("src-mac", 'L', "MAC", OPTION_MAC, struct gen_opts, src_mac,
	       "from this MAC address (default: the interface's own)"),
	OPTION("dest-mac", 'R', "MAC", OPTION_MAC, struct gen_opts, dst_mac,
	       "to this MAC address (default: the neighbour's)"),
	OPTION_RANGE("cpu", 0, "N", OPTION_UINT, struct gen_opts, cpu, 0, CPU_MAX,
		     "stay on this CPU"),
	OPTION("packet-socket", 0, NULL, OPTION_FLAG, struct gen_opts, packet_socket,
	       "send through a packet socket instead: slower"),
	OPTION_RANGE("interval", 'i', "SECONDS", OPTION_SECONDS, struct gen_opts, interval,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX,
		     "between two reports, fractions allowed (default 2)"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct gen_opts, json,
	       "print one JSON object a line instead of the table"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Send UDP packets out of an interface, made by the kernel (live frames), until\n"
		   "--count, --duration or a signal ends it.",
	.options = options,
};

/* Wake up on time, and where it was asked for. */
static int settle(const struct gen_opts *opts)
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
	err = check_options(&opts);
	if (!err)
		err = settle(&opts);
	if (!err)
		err = target_find(&opts);
	if (err)
		return options_status(err);

	signals_hold(&signals);
	err = sender_open(&sender, &opts);
	if (!err)
		err = pace_run(&sender);
	sender_close(&sender);
	signals_restore(&signals);
	return attach_status(err);
}
