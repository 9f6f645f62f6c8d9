// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Store the packets that come in, before or after an XDP program, in a file. */
#include <errno.h>

#include "attach.h"
#include "capture.h"
#include "options.h"
#include "stats.h"

/* With its header a sample is to fit into the 16 bits of its length. */
#define SNAPLEN_MAX 65000

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct sample_opts, dev),
	OPTION("write", 'w', "FILE", OPTION_STRING, struct sample_opts, file,
	       "store packets in FILE.pcapng or FILE.pcap (-: pcapng to standard output)"),
	OPTION_RANGE("snaplen", 's', "N", OPTION_UINT, struct sample_opts, snaplen, 1, SNAPLEN_MAX,
		     "bytes of a packet at most (default 65000)"),
	OPTION("sample", 0, "1/N", OPTION_STRING, struct sample_opts, sample,
	       "one packet of N, on each CPU (default 1/1)"),
	OPTION("filter", 'f', "EXPR", OPTION_STRING, struct sample_opts, filter,
	       "only packets that match, as in pcap-filter(7)"),
	OPTION_RANGE("rotate-size", 0, "MB", OPTION_UINT, struct sample_opts, rotate_size, 1,
		     1000000, "begin a new file when one has so many million bytes"),
	OPTION_RANGE("rotate-count", 0, "N", OPTION_UINT, struct sample_opts, rotate_count, 1,
		     1000000, "and keep the last N files"),
	OPTION("entry", 0, NULL, OPTION_FLAG, struct sample_opts, entry,
	       "sample packets as a program that is attached gets them"),
	OPTION("exit", 0, NULL, OPTION_FLAG, struct sample_opts, exit,
	       "or as it leaves them, with its verdict (default if one is there)"),
	OPTION("trace", 0, "PROG", OPTION_STRING, struct sample_opts, trace,
	       "which one, by name or id (default: the first)"),
	OPTIONS_MODE(struct sample_opts, attach),
	OPTIONS_UNLOAD(struct sample_opts, attach),
	OPTION("filename", 0, "FILE", OPTION_STRING, struct sample_opts, attach.filename,
	       "attach a program of this object file behind the sampling"),
	OPTION("progname", 0, "NAME", OPTION_STRING, struct sample_opts, attach.progname,
	       "this program (a function's name) of the file"),
	OPTION("list", 0, NULL, OPTION_ALONE, struct sample_opts, attach.list,
	       "list the programs of the object file"),
	OPTION("progsec", 0, "NAME", OPTION_GONE, struct sample_opts, attach,
	       "sections are all 'xdp'; use --progname"),
	OPTION_RANGE("buffer", 'B', "KIB", OPTION_UINT, struct sample_opts, buffer, 4, 1048576,
		     "memory for samples, for each CPU (default: 64 MiB for all)"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct sample_opts, count, 1, 4294967295.0,
		     "stop after N packets"),
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, struct sample_opts, duration,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX, "stop after this time"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct sample_opts, json,
	       "print the last line as JSON"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose =
		"Store incoming packets in a capture file, or print them, until --count,\n"
		"--duration or a signal ends it. They are seen before an XDP program drops them.",
	.options = options,
};

static int list_programs(const struct sample_opts *opts)
{
	struct attach at = { 0 };
	int err = attach_open(&at, &opts->attach, "xdp_sample_pkts_kern.o", NULL);

	if (!err)
		err = attach_print_programs(&at);
	attach_close(&at);
	return err;
}

int main(int argc, char **argv)
{
	struct sample_opts opts = { .snaplen = SNAPLEN_MAX };
	static struct capture capture;
	int err;

	capture.opts = &opts;
	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));
	if (opts.attach.list)
		return attach_status(list_programs(&opts));
	err = sample_opts_check(&opts);
	if (!err)
		err = filter_open(&capture.filter, opts.filter);
	if (err)
		return attach_status(err);

	/* The buffers are there before the first packet is. */
	err = ring_open(&capture.ring, opts.buffer, capture_take, &capture);
	if (!err)
		err = source_start(&capture.source, &opts, &capture.ring);
	if (!err)
		err = store_open(&capture.store, &opts, &capture.source.setup) ? -EPIPE : 0;
	if (!err)
		err = capture_run(&capture);
	source_stop(&capture.source);
	if (store_close(&capture.store) && !err)
		err = -EPIPE;
	if (!err)
		err = capture_report(&capture);
	source_close(&capture.source);
	ring_close(&capture.ring);
	filter_close(capture.filter);
	return attach_status(err);
}
