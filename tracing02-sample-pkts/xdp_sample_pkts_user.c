// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Store incoming packets, as they are before or after an XDP program, in a file.
 * Here: the options, what they exclude, and the parts in the order of their start.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "options.h"
#include "sample.h"
#include "stats.h"

/* A sample with its header must fit into the 16 bits of a record's length. */
#define SNAPLEN_MAX 65000
#define EVERY_MAX 1000000000UL

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct sample_opts, dev),
	OPTION("write", 'w', "FILE", OPTION_STRING, struct sample_opts, file,
	       "store the packets in FILE.pcapng or FILE.pcap (-: standard output, as pcapng)"),
	OPTION_RANGE("snaplen", 's', "N", OPTION_UINT, struct sample_opts, snaplen, 1, SNAPLEN_MAX,
		     "bytes of each packet to keep, at most (default 65000)"),
	OPTION("hex", 'x', NULL, OPTION_FLAG, struct sample_opts, hex,
	       "print all bytes of a sample, not only those of its Ethernet header"),
	OPTION("sample", 0, "1/N", OPTION_STRING, struct sample_opts, sample,
	       "sample one packet of N, on each CPU (default 1/1: all)"),
	OPTION("filter", 'f', "EXPR", OPTION_STRING, struct sample_opts, filter,
	       "keep only packets that match EXPR, a filter of tcpdump (pcap-filter(7))"),
	OPTION("entry", 0, NULL, OPTION_FLAG, struct sample_opts, entry,
	       "sample packets as they enter a program that is already attached"),
	OPTION("exit", 0, NULL, OPTION_FLAG, struct sample_opts, exit,
	       "sample packets as they leave one, with its verdict (default if one is attached)"),
	OPTION("trace", 0, "PROG", OPTION_STRING, struct sample_opts, trace,
	       "name or id of the program for --entry and --exit (default: the first)"),
	OPTIONS_MODE(struct sample_opts, attach),
	OPTIONS_UNLOAD(struct sample_opts, attach),
	OPTION("filename", 0, "FILE", OPTION_STRING, struct sample_opts, attach.filename,
	       "run a program of this object file on each packet, after sampling"),
	OPTION("progname", 0, "NAME", OPTION_STRING, struct sample_opts, attach.progname,
	       "name of that program (a function) in the file (default: the first)"),
	OPTION("list", 0, NULL, OPTION_ALONE, struct sample_opts, attach.list,
	       "list the programs of the object file"),
	OPTION("progsec", 0, "NAME", OPTION_GONE, struct sample_opts, attach,
	       "sections are all 'xdp'; use --progname"),
	OPTION_RANGE("buffer", 'B', "KIB", OPTION_UINT, struct sample_opts, buffer, 4, 1048576,
		     "size of each CPU's buffer (default: 64 MiB for all CPUs together)"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct sample_opts, count, 1, 4294967295.0,
		     "stop after N packets"),
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, struct sample_opts, duration,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX, "stop after this time"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct sample_opts, json,
	       "print the summary at the end as JSON"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Store incoming packets in a capture file, or print them, until --count,\n"
		   "--duration or a signal ends it. They are captured before an XDP program can\n"
		   "drop them.",
	.options = options,
};

/* --sample "1/N" */
static int read_sample(struct sample_opts *opts)
{
	const char *text = opts->sample;
	unsigned long every = 1;
	char *end;

	if (text) {
		every = strncmp(text, "1/", 2) ? 0 : strtoul(text + 2, &end, 10);
		if (!every || every > EVERY_MAX || *end || text[2] < '0' || text[2] > '9') {
			pr_err("bad value '%s' for --sample: not 1/N with N from 1 to %lu", text,
			       EVERY_MAX);
			return -EINVAL;
		}
	}
	opts->every = (unsigned int)every;
	return 0;
}

/* Options that do not go together. */
static int check_options(const struct sample_opts *opts)
{
	bool traces = opts->entry || opts->exit || opts->trace;

	if (opts->file && strcmp(opts->file, "-") && !capfile_knows(opts->file)) {
		pr_err("cannot tell the format of '%s': end its name with .pcap or .pcapng",
		       opts->file);
		return -EINVAL;
	}
	if (traces && (opts->attach.filename || opts->attach.force)) {
		pr_err("cannot trace a program and %s: see --entry, --exit, --trace",
		       opts->attach.force ? "replace it (--force)" : "bring one (--filename)");
		return -EINVAL;
	}
	if (opts->attach.progname && !opts->attach.filename) {
		pr_err("--progname needs --filename (--trace chooses a program that is there)");
		return -EINVAL;
	}
	return 0;
}

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
	struct source source = { 0 };
	struct filter *filter;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));
	if (opts.attach.list)
		return attach_status(list_programs(&opts));
	err = read_sample(&opts);
	if (!err)
		err = check_options(&opts);
	if (!err)
		err = filter_open(&filter, opts.filter);
	if (err)
		return attach_status(err);

	err = source_start(&source, &opts);
	if (!err)
		err = capture(&opts, &source, filter);
	source_close(&source);
	filter_close(filter);
	return attach_status(err);
}
