// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* An event for each packet, through perf buffer and ring buffer. */
#include <errno.h>

#include "events.h"
#include "log.h"
#include "options.h"
#include "stats.h"
#include "xdp_events.h"

#define WATCH_WAY "reserve" /* for --dev */
#define SIZE_MAX_KIB 65536
#define EVERY_MAX 10000

static const struct option_line options[] = {
	OPTION("dev", 'd', "IFNAME", OPTION_IFNAME, struct events_opts, dev,
	       "print the events of this interface's packets"),
	OPTION("way", 'w', "LIST", OPTION_STRING, struct events_opts, ways,
	       "only these, with commas (default: all; with --dev: reserve)"),
	OPTION("list", 0, NULL, OPTION_ALONE, struct events_opts, list, "list the ways"),
	OPTION_RANGE("size", 0, "KIB", OPTION_UINT, struct events_opts, size, 4, SIZE_MAX_KIB,
		     "of a buffer, a power of 2 (default 256)"),
	OPTION_RANGE("batch", 'b', "N", OPTION_UINT, struct events_opts, batch, 1, 1000000,
		     "events to wake for, half a buffer at most (default 256)"),
	OPTION("busy", 0, NULL, OPTION_FLAG, struct events_opts, busy,
	       "read again and again instead of waiting"),
	OPTION_RANGE("every", 0, "MS", OPTION_UINT, struct events_opts, every, 1, EVERY_MAX,
		     "read each so many milliseconds instead of waiting"),
	OPTION_RANGE("bytes", 0, "N", OPTION_UINT, struct events_opts, bytes, 1, EVENT_BYTES_MAX,
		     "of a packet, where it goes with its event (default 2048)"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct events_opts, count, 1, 4294967295.0,
		     "stop after N events (of each way)"),
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, struct events_opts, duration,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX,
		     "stop after this time (a load: default 1, without --count)"),
	OPTION_RANGE("rate", 0, "N", OPTION_UINT, struct events_opts, rate, 1, 100000000,
		     "packets a second of the load (default 200000)"),
	OPTION("max", 0, NULL, OPTION_FLAG, struct events_opts, max,
	       "a load that is as fast as it goes"),
	OPTION_RANGE("frame", 0, "BYTES", OPTION_UINT, struct events_opts, frame, FRAME_MIN,
		     FRAME_MAX, "of the load's packet (default 64)"),
	OPTION("at-once", 0, NULL, OPTION_FLAG, struct events_opts, at_once,
	       "run the load on all CPUs at the same time, not in turn"),
	OPTIONS_MODE(struct events_opts, attach),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct events_opts, json,
	       "print one JSON object a line instead of the table"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose =
		"Without --dev: run a load through each way from a program to its reader, and\n"
		"compare them. With --dev: print an event for each packet of an interface, until\n"
		"--count, --duration or a signal ends it.",
	.options = options,
};

/* What the table of options cannot tell. */
static int check_options(struct events_opts *opts)
{
	const char *odd = NULL;

	if (opts->size & (opts->size - 1)) {
		pr_err("bad value '%u' for --size: not a power of 2", opts->size);
		return -EINVAL;
	}
	if (opts->busy && opts->every)
		odd = "--busy and --every are two ways to read: give one";
	else if (opts->max && opts->rate)
		odd = "--max is no --rate: give one";
	else if (opts->dev.index && (opts->rate || opts->max || opts->frame || opts->at_once))
		odd = "--rate, --max, --frame and --at-once are of the load, not of --dev";
	if (odd) {
		pr_err("%s", odd);
		return -EINVAL;
	}
	opts->rate = opts->rate ? opts->rate : RATE_DEFAULT;
	opts->frame = opts->frame ? opts->frame : FRAME_DEFAULT;
	if (!opts->dev.index && !opts->count && !opts->duration)
		opts->duration = 1;
	return 0;
}

int main(int argc, char **argv)
{
	struct events_opts opts = { .size = SIZE_DEFAULT,
				    .batch = BATCH_DEFAULT,
				    .bytes = EVENT_BYTES_MAX };
	const struct way *ways[WAYS_MAX];
	int err, count;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (!err)
		err = check_options(&opts);
	if (err)
		return options_status(err);
	if (opts.list)
		return attach_status(ways_print());

	if (opts.dev.index && !opts.ways)
		opts.ways = WATCH_WAY;
	count = ways_choose(opts.ways, ways);
	if (count < 0)
		return options_status(count);
	if (!opts.dev.index)
		return attach_status(measure_ways(ways, count, &opts, opts.ways));
	if (count == 1)
		return attach_status(watch(ways[0], &opts));
	pr_err("%d ways in --way: with --dev it is one", count);
	return EXIT_FAIL_OPTION;
}
