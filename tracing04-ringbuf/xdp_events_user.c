// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* An event for each packet, through perf buffer and ring buffer: the ways, and the options. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "events.h"
#include "log.h"
#include "options.h"
#include "stats.h"
#include "xdp_events.h"

#define EVENTS "xdp_events_kern.o"
#define BYTES "xdp_bytes_kern.o"
#define DYNPTR "xdp_dynptr_kern.o"
#define WAYS_MAX 16 /* in --way */
#define WATCH_WAY "reserve" /* for --dev */
#define SIZE_MAX_KIB 65536
#define EVERY_MAX 10000
#define SIZE_DEFAULT 256 /* KiB */
#define BATCH_DEFAULT 256
#define RATE_DEFAULT 200000
#define FRAME_DEFAULT 64

static const struct way ways[] = {
	{ "perf", EVENTS, "xdp_perf_func", true, false, WAKE_EACH, "perf_buffer",
	  "perf buffer, woken for each event" },
	{ "perf-batch", EVENTS, "xdp_perf_func", true, false, WAKE_BATCH, "perf_buffer",
	  "perf buffer, woken by a watermark" },
	{ "perf-bytes", EVENTS, "xdp_perf_func", true, true, WAKE_BATCH, "perf_buffer",
	  "the same, with the packet's bytes" },
	{ "output", EVENTS, "xdp_output_func", false, false, WAKE_KERNEL, "ringbuf",
	  "ring buffer, events copied into it" },
	{ "reserve", EVENTS, "xdp_reserve_func", false, false, WAKE_KERNEL, "ringbuf",
	  "ring buffer, events made in it" },
	{ "reserve-each", EVENTS, "xdp_reserve_func", false, false, WAKE_EACH, "ringbuf",
	  "the same, woken for each event" },
	{ "reserve-batch", EVENTS, "xdp_reserve_func", false, false, WAKE_BATCH, "ringbuf",
	  "the same, woken for a batch" },
	{ "bytes", BYTES, "xdp_bytes_func", false, true, WAKE_KERNEL, "load_bytes",
	  "ring buffer, with the packet's bytes, copied" },
	{ "dynptr", DYNPTR, "xdp_dynptr_func", false, true, WAKE_KERNEL, "dynptr",
	  "ring buffer, with the packet's bytes, made in it" },
};

#define N_WAYS ((int)(sizeof(ways) / sizeof(ways[0])))

static const struct option_line options[] = {
	OPTION("dev", 'd', "IFNAME", OPTION_IFNAME, struct events_opts, dev,
	       "print an event for each packet that comes to this interface"),
	OPTION("way", 'w', "LIST", OPTION_STRING, struct events_opts, ways,
	       "ways to compare, with commas (default: all); with --dev one way (reserve)"),
	OPTION("list", 0, NULL, OPTION_ALONE, struct events_opts, attach.list, "list the ways"),
	OPTION_RANGE("size", 0, "KIB", OPTION_UINT, struct events_opts, size, 4, SIZE_MAX_KIB,
		     "size of a buffer, a power of 2 (default 256)"),
	OPTION_RANGE("batch", 'b', "N", OPTION_UINT, struct events_opts, batch, 1, 1000000,
		     "events that wake the reader, half a buffer at most (default 256)"),
	OPTION("busy", 0, NULL, OPTION_FLAG, struct events_opts, busy,
	       "read again and again instead of waiting to be woken"),
	OPTION_RANGE("every", 0, "MS", OPTION_UINT, struct events_opts, every, 1, EVERY_MAX,
		     "read every MS milliseconds instead of waiting to be woken"),
	OPTION_RANGE("bytes", 0, "N", OPTION_UINT, struct events_opts, bytes, 1, EVENT_BYTES_MAX,
		     "bytes of a packet to copy, in ways that carry some (default 2048)"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct events_opts, count, 1, 4294967295.0,
		     "stop after N events (of each way)"),
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, struct events_opts, duration,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX,
		     "stop after this time (default without --dev and --count: 1)"),
	OPTION_RANGE("rate", 0, "N", OPTION_UINT, struct events_opts, rate, 1, 100000000,
		     "load: packets a second (default 200000)"),
	OPTION("max", 0, NULL, OPTION_FLAG, struct events_opts, max,
	       "load: as many packets a second as possible"),
	OPTION_RANGE("frame", 0, "BYTES", OPTION_UINT, struct events_opts, frame, FRAME_MIN,
		     FRAME_MAX, "load: length of its packets (default 64)"),
	OPTION("at-once", 0, NULL, OPTION_FLAG, struct events_opts, at_once,
	       "load: on all CPUs at the same time, not in turn"),
	OPTIONS_MODE(struct events_opts, attach),
	OPTIONS_UNLOAD(struct events_opts, attach),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct events_opts, json,
	       "print one JSON object a line instead of the table"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose =
		"Without --dev: run a load of packets through each way from a program to its\n"
		"reader, and compare the ways. With --dev: print an event for each packet of an\n"
		"interface, until --count, --duration or a signal ends it.",
	.options = options,
};

static const struct way *find_way(const char *name, size_t len)
{
	int i;

	for (i = 0; i < N_WAYS; i++)
		if (strlen(ways[i].name) == len && !memcmp(ways[i].name, name, len))
			return &ways[i];
	return NULL;
}

/*
 * Choose the ways that @names lists with commas in between, or all for NULL.
 * Returns their number; -EINVAL after one error line.
 */
static int choose_ways(const char *names, const struct way *chosen[WAYS_MAX])
{
	int count = 0;
	size_t len;

	if (!names)
		for (; count < N_WAYS; count++)
			chosen[count] = &ways[count];
	while (names) {
		len = strcspn(names, ",");
		if (count == WAYS_MAX) {
			pr_err("bad value for --way: more than %d", WAYS_MAX);
			return -EINVAL;
		}
		chosen[count] = find_way(names, len);
		if (!chosen[count++]) {
			pr_err("bad value '%.*s' for --way: no such way (see --list)", (int)len,
			       names);
			return -EINVAL;
		}
		names = names[len] ? names + len + 1 : NULL;
	}
	return count;
}

static int print_ways(void)
{
	int i;

	printf("%-14s %-17s %-8s %s\n", "way", "program", "section", "what it is");
	for (i = 0; i < N_WAYS; i++)
		printf("%-14s %-17s %-8s %s\n", ways[i].name, ways[i].prog, "xdp", ways[i].help);
	return output_flush();
}

/* What the table of options cannot check. */
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
	const struct way *chosen[WAYS_MAX];
	int err, count;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (!err)
		err = check_options(&opts);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));
	if (opts.attach.list)
		return attach_status(print_ways());

	if (opts.dev.index && !opts.ways)
		opts.ways = WATCH_WAY;
	count = choose_ways(opts.ways, chosen);
	if (count < 0)
		return options_status(count);
	if (!opts.dev.index)
		return attach_status(measure_ways(chosen, count, &opts, opts.ways));
	if (count == 1)
		return attach_status(watch(chosen[0], &opts));
	pr_err("%d ways in --way: with --dev it is one", count);
	return EXIT_FAIL_OPTION;
}
