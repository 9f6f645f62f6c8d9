// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach one of the programs of xdp_redirect_kern.o, or edit its maps (edit.c). */
#include <errno.h>
#include <string.h>

#include "attach.h"
#include "attach_pinned.h"
#include "log.h"
#include "options.h"
#include "redirect.h"
#include "rodata.h"
#include "stats.h"
#include "xdp_redirect.h"

struct redirect_opts {
	struct netif dev;
	struct attach_opts attach;
	struct attach_pinned_opts pins;
	struct stats_opts stats;
	struct netif target; /* -r */
	struct netif_mac mac; /* -R */
	bool direct;
	bool poll;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct redirect_opts, dev),
	OPTION("redirect-dev", 'r', "IFNAME", OPTION_IFNAME, struct redirect_opts, target,
	       "xdp_redirect_func: interface to send everything through"),
	OPTION("dest-mac", 'R', "MAC", OPTION_MAC, struct redirect_opts, mac,
	       "xdp_redirect_func: address of the host that receives it"),
	OPTION("direct", 0, NULL, OPTION_FLAG, struct redirect_opts, direct,
	       "xdp_router_func: no routing rules, the table of the VRF or main"),
	OPTIONS_MODE(struct redirect_opts, attach),
	OPTIONS_UNLOAD(struct redirect_opts, attach),
	OPTIONS_OBJECT(struct redirect_opts, attach),
	OPTIONS_PINNING(struct redirect_opts, pins),
	OPTION("stats", 0, NULL, OPTION_FLAG, struct redirect_opts, poll,
	       "stay, report the counters, and detach at the end"),
	OPTIONS_STATS(struct redirect_opts, stats),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Attach a program that answers or redirects packets, pin its maps, and leave\n"
		   "both. Without --progname it is xdp_icmp_echo_func. With add, del or list as\n"
		   "the first word: change or show the maps of the program that runs on --dev\n"
		   "(xdp_redirect_user add --help).",
	.command = "[add | del | list]",
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

/* Refuse options that mean nothing for the program, and miss those that it needs. */
static int check_options(const char *prog, const struct redirect_opts *opts)
{
	bool target = opts->target.index, mac = mac_is_set(&opts->mac);
	bool to_one = !strcmp(prog, PROG_TO_ONE);

	if (to_one && !(target && mac))
		pr_err("missing --%s: '%s' sends to one receiver (-r IFNAME -R MAC)",
		       target ? "dest-mac" : "redirect-dev", prog);
	else if (!to_one && (target || mac))
		pr_err("cannot use --%s with '%s': only '%s' has that setting%s",
		       target ? "redirect-dev" : "dest-mac", prog, PROG_TO_ONE,
		       strcmp(prog, PROG_ECHO) ? " (see add)" : "");
	else if (opts->direct && strcmp(prog, PROG_ROUTER))
		pr_err("cannot use --direct with '%s': only '%s' looks up routes", prog,
		       PROG_ROUTER);
	else if (mac && mac_is_group(&opts->mac))
		pr_err("bad value for --dest-mac: it is the address of a group");
	else
		return 0;
	return -EINVAL;
}

static int set_target(struct bpf_object *obj, const struct redirect_opts *opts)
{
	__u32 ifindex = (__u32)opts->target.index;
	int err = rodata_set(obj, "redirect_ifindex", &ifindex, sizeof(ifindex));

	return err ? err : rodata_set(obj, "redirect_mac", &opts->mac, sizeof(opts->mac));
}

/* Will the program run in the driver? As attach_begin() decides it. */
static bool runs_native(const struct redirect_opts *opts)
{
	struct attach_list there = { .count = 0 };

	if (opts->attach.mode != XDP_MODE_UNSPEC)
		return opts->attach.mode != XDP_MODE_SKB;
	if (opts->attach.force || attach_query(&opts->dev, &there) || !there.count)
		return true;
	return there.entry[0].mode != XDP_MODE_SKB;
}

/* Before the object is loaded: check options and interfaces, and set its settings. */
static int configure(struct attach *at, const struct redirect_opts *opts)
{
	const char *prog = xdp_program__name(at->prog);
	const __u32 flags = BPF_FIB_LOOKUP_DIRECT;
	int err;

	err = check_options(prog, opts);
	if (!err)
		err = setup_check(prog, &opts->dev, &opts->target, runs_native(opts));
	if (!err && opts->target.index)
		err = set_target(at->obj, opts);
	if (!err && opts->direct)
		err = rodata_set(at->obj, "router_flags", &flags, sizeof(flags));
	return err;
}

int main(int argc, char **argv)
{
	struct redirect_opts opts = { 0 };
	struct attach at = { 0 };
	int err, first, status;

	/* add, del and list, or options. */
	status = edit_run(argc, argv);
	if (status >= 0)
		return status;
	err = options_parse(&spec, argc, argv, &opts, &first);
	if (err)
		return options_status(err);
	err = check_words(first, argc, argv) ?: stats_check(&opts.stats, opts.poll);
	if (err)
		return attach_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_pinned_unload(&opts.dev, &opts.attach, &opts.pins));

	err = attach_open(&at, &opts.attach, "xdp_redirect_kern.o", PROG_ECHO);
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}
	err = configure(&at, &opts);
	if (err)
		goto close;

	/* Load and attach; the maps get names under which others find them. */
	err = attach_pinned_load(&at, &opts.dev, &opts.attach, &opts.pins);
	if (err)
		goto close;

	/* Leave it attached, or stay, report until told to end, and detach. */
	err = setup_fill_ports(&at);
	if (!err)
		err = opts.poll ? stats_poll(&at, &opts.stats) : attach_print(&at);
	if ((opts.poll || err) && attach_pinned_detach(&at, &opts.pins) && !err)
		err = -EIO;
close:
	attach_close(&at);
	return attach_status(err);
}
