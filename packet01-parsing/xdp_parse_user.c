// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach one of the programs of xdp_parse_kern.o, and pin its counters. */
#include <errno.h>

#include "attach.h"
#include "attach_pinned.h"
#include "options.h"
#include "stats.h"

struct parse_opts {
	struct netif dev;
	struct attach_opts attach;
	struct attach_pinned_opts pins;
	struct stats_opts stats;
	bool poll;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct parse_opts, dev),
	OPTIONS_MODE(struct parse_opts, attach),
	OPTIONS_UNLOAD(struct parse_opts, attach),
	OPTIONS_OBJECT(struct parse_opts, attach),
	OPTIONS_PINNING(struct parse_opts, pins),
	OPTION("stats", 0, NULL, OPTION_FLAG, struct parse_opts, poll,
	       "stay, report the counters, and detach at the end"),
	OPTIONS_STATS(struct parse_opts, stats),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Attach a program that parses packets, pin its counters, and leave both.\n"
		   "Without --progname it is xdp_packet_parser_func.",
	.options = options,
};

int main(int argc, char **argv)
{
	struct parse_opts opts = { 0 };
	struct attach at = { 0 };
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL) ?: stats_check(&opts.stats, opts.poll);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_pinned_unload(&opts.dev, &opts.attach, &opts.pins));

	err = attach_open(&at, &opts.attach, "xdp_parse_kern.o", "xdp_packet_parser_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}

	/* Load and attach; the maps get names under which others find them. */
	err = attach_pinned_load(&at, &opts.dev, &opts.attach, &opts.pins);
	if (err)
		goto close;

	/* Leave it attached, or stay, report until told to end, and detach. */
	err = opts.poll ? stats_poll(&at, &opts.stats) : attach_print(&at);
	if ((opts.poll || err) && attach_pinned_detach(&at, &opts.pins) && !err)
		err = -EIO;
close:
	attach_close(&at);
	return attach_status(err);
}
