// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach one of the programs of xdp_redirect_kern.o, or edit its maps. */
#include <errno.h>

#include "attach.h"
#include "attach_pinned.h"
#include "before.h"
#include "edit.h"
#include "log.h"
#include "options.h"
#include "ports.h"
#include "stats.h"

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct redirect_opts, dev),
	OPTION("redirect-dev", 'r', "IFNAME", OPTION_IFNAME, struct redirect_opts, target,
	       "xdp_redirect_func: send everything through it"),
	OPTION("dest-mac", 'R', "MAC", OPTION_MAC, struct redirect_opts, mac,
	       "xdp_redirect_func: to the receiver with this address"),
	OPTION("direct", 0, NULL, OPTION_FLAG, struct redirect_opts, direct,
	       "xdp_router_func: the main routing table only, no rules"),
	OPTIONS_MODE(struct redirect_opts, attach),
	OPTIONS_UNLOAD(struct redirect_opts, attach),
	OPTIONS_OBJECT(struct redirect_opts, attach),
	OPTIONS_PINNING(struct redirect_opts, pins),
	OPTION("stats", 0, NULL, OPTION_FLAG, struct redirect_opts, poll,
	       "stay, report the counters, and detach in the end"),
	OPTIONS_STATS(struct redirect_opts, stats),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Attach a program that answers or redirects packets, pin its maps, and leave\n"
		   "both. Without --progname it is xdp_icmp_echo_func. With add, del or list as\n"
		   "the first word: edit or show the maps of the program that runs on --dev\n"
		   "(xdp_redirect_user add --help).",
	.args = "[add | del | list]",
	.options = options,
};

/* Words that came too late to be commands. */
static int check_words(int first, int argc, char **argv)
{
	if (first == argc)
		return 0;
	pr_err("unexpected argument '%s' (add, del and list come first)", argv[first]);
	return -EINVAL;
}

int main(int argc, char **argv)
{
	struct redirect_opts opts = { 0 };
	struct attach at = { 0 };
	int err, first;

	if (edit_is_asked_for(argc, argv))
		return edit_run(argc, argv);
	err = options_parse(&spec, argc, argv, &opts, &first);
	if (err)
		return options_status(err);
	err = check_words(first, argc, argv);
	if (err)
		return attach_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(pinning_unload(&opts.dev, &opts.attach, &opts.pins));

	err = attach_open(&at, &opts.attach, "xdp_redirect_kern.o", "xdp_icmp_echo_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}
	err = before_load(&at, &opts);
	if (err)
		goto close;

	/* Load and attach; the maps get names under which others find them. */
	err = pinning_load(&at, &opts.dev, &opts.attach, &opts.pins);
	if (err)
		goto close;

	/* Leave it attached, or stay, report until told to end, and detach. */
	err = ports_fill(&at);
	if (!err)
		err = opts.poll ? stats_poll(&at, &opts.stats) : attach_print(&at);
	if ((opts.poll || err) && pinning_detach(&at, &opts.pins) && !err)
		err = -EIO;
close:
	attach_close(&at);
	return attach_status(err);
}
