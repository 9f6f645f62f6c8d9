// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Send UDP packets, at a rate or as fast as it goes. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "attach.h"
#include "frame.h"
#include "log.h"
#include "options.h"
#include "options_stats.h"
#include "pace.h"
#include "probe.h"
#include "signals.h"
#include "target.h"

#define PORT_MAX 65535
#define RATE_MAX 100000000.0

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct gen_opts, dev),
	OPTION_RANGE("rate", 'r', "PPS", OPTION_UINT, struct gen_opts, rate, 1,
		     RATE_MAX, "packets a second (default: as many as go)"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct gen_opts, count, 1,
		     4294967295.0, "stop after N packets"),
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, struct gen_opts,
		     duration, STATS_INTERVAL_MIN, STATS_SECONDS_MAX,
		     "stop after this time"),
	OPTION_RANGE("size", 's', "N", OPTION_UINT, struct gen_opts, size, 42,
		     PORT_MAX, "bytes of a frame, Ethernet included (default 64)"),
	OPTION_RANGE("flows", 0, "N", OPTION_UINT, struct gen_opts, flows, 1,
		     PORT_MAX, "source ports in turn (default 1)"),
	OPTION("ipv6", '6', NULL, OPTION_FLAG, struct gen_opts, ipv6,
	       "IPv6 instead of IPv4"),
	OPTION_RANGE("vlan", 0, "ID", OPTION_UINT, struct gen_opts, vlan, 1,
		     4094, "put a VLAN tag on each frame"),
	OPTION("dst", 0, "ADDR", OPTION_ADDR, struct gen_opts, dst,
	       "to this address (default: a neighbour of the interface)"),
	OPTION("src", 0, "ADDR", OPTION_ADDR, struct gen_opts, src,
	       "from this address (default: the interface's own)"),
	OPTION_RANGE("dport", 0, "PORT", OPTION_UINT, struct gen_opts, dport, 0,
		     PORT_MAX, "to this port (default 9, discard)"),
	OPTION_RANGE("sport", 0, "PORT", OPTION_UINT, struct gen_opts, sport, 0,
		     PORT_MAX, "from this port on (default 1024)"),
	OPTION("src-mac", 'L', "MAC", OPTION_MAC, struct gen_opts, src_mac,
	       "from this MAC address (default: the interface's own)"),
	OPTION("dest-mac", 'R', "MAC", OPTION_MAC, struct gen_opts, dst_mac,
	       "to this MAC address (default: the neighbour's)"),
	OPTION("packet-socket", 0, NULL, OPTION_FLAG, struct gen_opts,
	       packet_socket, "send through a packet socket instead: slower"),
	OPTION_RANGE("interval", 'i', "SECONDS", OPTION_SECONDS,
		     struct gen_opts, interval, STATS_INTERVAL_MIN,
		     STATS_SECONDS_MAX,
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

int main(int argc, char **argv)
{
	struct gen_opts opts = { .flows = 1,
				 .sport = GEN_SPORT,
				 .dport = GEN_DPORT,
				 .interval = STATS_INTERVAL };
	static struct sender sender;
	sigset_t signals;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (!opts.size)
		opts.size = frame_head(&opts) > GEN_SIZE ? frame_head(&opts) :
							   GEN_SIZE;
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
