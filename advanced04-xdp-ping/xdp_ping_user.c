// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Ping by AF_XDP or by live frames, with every answer checked, at any rate. */
#include <errno.h>
#include <string.h>

#include "log.h"
#include "options.h"
#include "ping.h"
#include "report.h"
#include "stats.h"

#define RATE_MAX 100000000.0

static const struct option_line options[] = {
	OPTION("dev", 'd', "IFNAME", OPTION_IFNAME, struct ping_opts, dev,
	       "interface to ping through (default: by the route)"),
	OPTION_RANGE("count", 'c', "N", OPTION_UINT, struct ping_opts, count, 1, 4294967295.0,
		     "stop after N requests to each address (default: no end, with --sweep 1)"),
	OPTION_RANGE("interval", 'i', "SECONDS", OPTION_SECONDS, struct ping_opts, interval,
		     0.00001, STATS_SECONDS_MAX,
		     "time between two requests to one address (default: 1)"),
	OPTION_RANGE("rate", 0, "PPS", OPTION_UINT, struct ping_opts, rate, 1, RATE_MAX,
		     "requests a second to all addresses together, instead of --interval"),
	OPTION("flood", 'f', NULL, OPTION_FLAG, struct ping_opts, flood,
	       "send as fast as answers come, and at least 100 requests a second"),
	OPTION_RANGE("preload", 'l', "N", OPTION_UINT, struct ping_opts, window, 1, 1024,
		     "requests that a flood has on their way at most (default: 64)"),
	OPTION_RANGE("size", 's', "BYTES", OPTION_UINT, struct ping_opts, size, 0, 65535,
		     "bytes of data in a request (default: 56)"),
	OPTION_RANGE("wait", 'W', "SECONDS", OPTION_SECONDS, struct ping_opts, wait, 0.001, 3600,
		     "time to wait for an answer; a later one counts as late (default: 1)"),
	OPTION_RANGE("ttl", 't', "N", OPTION_UINT, struct ping_opts, ttl, 1, 255,
		     "TTL or hop limit of a request (default: 64)"),
	OPTION("src-ip", 0, "ADDR", OPTION_ADDR, struct ping_opts, src,
	       "source address (default: by the route)"),
	OPTION("src-mac", 'L', "MAC", OPTION_MAC, struct ping_opts, src_mac,
	       "source MAC address (default: the interface's)"),
	OPTION("dest-mac", 'R', "MAC", OPTION_MAC, struct ping_opts, dst_mac,
	       "destination MAC address (default: the next hop's)"),
	OPTION("sweep", 0, "PREFIX", OPTION_STRINGS, struct ping_opts, sweeps,
	       "ping all addresses of a network, e.g. 10.11.1.0/24"),
	OPTION("engine", 0, "xsk|live", OPTION_STRING, struct ping_opts, engine,
	       "AF_XDP sockets (default), or live frames made by the kernel: faster"),
	OPTION("queue", 'Q', "LIST", OPTION_STRING, struct ping_opts, xsk.queues,
	       "receive queues, e.g. 0,2-3 (default: all); requests leave by the first"),
	OPTION("copy", 0, NULL, OPTION_FLAG, struct ping_opts, xsk.copy,
	       "let the kernel copy packets: every driver can (-c is --count here)"),
	OPTION("zero-copy", 'z', NULL, OPTION_FLAG, struct ping_opts, xsk.zero_copy,
	       "let the driver use our frames, or fail (default: if it can)"),
	OPTION("debug", 'D', NULL, OPTION_FLAG, struct ping_opts, debug,
	       "show the rules, and the header fields of each packet that comes in"),
	OPTIONS_MODE(struct ping_opts, attach),
	OPTIONS_UNLOAD(struct ping_opts, attach),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct ping_opts, json,
	       "print one JSON object a line instead of text"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Ping IPv4 or IPv6 addresses, by AF_XDP sockets or by live frames: each answer\n"
		   "is checked to the last byte, at up to millions a second. DEST is an address\n"
		   "or a name. As with ping(8), -c is the count, and -q leaves the sums; -D is\n"
		   "--debug.",
	.success = "0 answers came, 1 none came, or failure",
	.args = "DEST...",
	.options = options,
};

static int refuse(const char *what)
{
	pr_err("%s", what);
	return -EINVAL;
}

static int check(struct ping_opts *opts)
{
	opts->live = !strcmp(opts->engine, "live");
	if (!opts->live && strcmp(opts->engine, "xsk"))
		return refuse("bad value for --engine: neither xsk nor live");
	if (!!opts->interval + !!opts->rate + opts->flood > 1)
		return refuse("--interval, --rate and --flood exclude each other");
	if (opts->window && !opts->flood)
		return refuse("--preload is for --flood");
	if (opts->live && (opts->xsk.queues || opts->xsk.copy || opts->xsk.zero_copy))
		return refuse("--queue, --copy and --zero-copy are for --engine xsk");
	if (opts->live && opts->attach.mode == XDP_MODE_SKB)
		return refuse("--engine live needs a program in the driver: no --skb-mode");
	if (!opts->interval)
		opts->interval = 1;
	if (!opts->window)
		opts->window = PING_WINDOW;
	if (!opts->count && opts->sweeps.count)
		opts->count = 1;
	return 0;
}

/* Take off what a ping that was killed has left; no route says on which interface. */
static int unload(const struct ping_opts *opts, const char *dest)
{
	if (!opts->dev.index)
		return refuse("--unload and --unload-all need --dev IFNAME");
	if (!dest)
		return attach_unload(&opts->dev, &opts->attach);
	pr_err("unexpected argument '%s': --unload and --unload-all take no DEST", dest);
	return -EINVAL;
}

static enum exit_status status_of(int err, const struct ping *ping)
{
	struct ping_counts sum;

	if (err == -ENETUNREACH || err == -EHOSTUNREACH || err == -EACCES || err == -ENOMEM)
		return EXIT_FAIL;
	if (err && err != -EINTR)
		return attach_status(err);
	ping_sum(ping, &sum);
	return sum.received ? EXIT_OK : EXIT_FAIL;
}

int main(int argc, char **argv)
{
	struct ping_opts opts = {
		.engine = "xsk", .size = PING_SIZE, .ttl = PING_TTL, .wait = PING_WAIT
	};
	static struct ping ping;
	int err, first;

	err = options_parse(&spec, argc, argv, &opts, &first);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(unload(&opts, argv[first]));
	err = check(&opts);
	if (err)
		return options_status(err);

	/* The targets, and how packets get to them. */
	ping.opts = &opts;
	err = targets_find(&ping, argv + first, argc - first);

	/* Attach, run until a signal, detach: see the engines. */
	if (!err && opts.live)
		err = engine_live(&ping);
	else if (!err)
		err = engine_xsk(&ping);

	if (ping.sent && err != -EPIPE && report_end(&ping) && !err)
		err = -EPIPE;
	err = (int)status_of(err, &ping);
	targets_free(&ping);
	return err;
}
