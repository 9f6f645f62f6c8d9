// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Both directions: XDP lowers the destination port of what comes in, tc raises
 * the source port of what goes out, and connections work.
 */
#include <errno.h>

#include "attach.h"
#include "options.h"
#include "stats.h"
#include "tc_return.h"

struct ports_opts {
	struct netif dev;
	struct attach_opts attach;
	struct stats_opts stats;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct ports_opts, dev),	   OPTIONS_MODE(struct ports_opts, attach),
	OPTIONS_UNLOAD(struct ports_opts, attach), OPTIONS_OBJECT(struct ports_opts, attach),
	OPTIONS_STATS(struct ports_opts, stats),   OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Let port N-1 of this machine be reached as port N, by UDP and TCP, until\n"
		   "--count, --duration or a signal ends it. What comes in is counted.",
	.options = options,
};

int main(int argc, char **argv)
{
	struct ports_opts opts = { 0 };
	struct tc_return tc = { 0 };
	struct attach at = { 0 };
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all) {
		tc_return_unload(&opts.dev);
		return attach_status(attach_unload(&opts.dev, &opts.attach));
	}

	err = attach_open(&at, &opts.attach, "xdp_rewrite_kern.o", "xdp_patch_ports_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}
	err = attach_load(&at, &opts.dev, &opts.attach);
	if (err)
		goto close;

	/* The way back. Until it is there answers have the wrong port. */
	err = tc_return_attach(&tc, &opts.dev);
	if (err)
		goto detach;

	err = stats_poll(&at, &opts.stats);

	/* Undone in reverse order: the interface is as it was found. */
	tc_return_detach(&tc);
detach:
	if (attach_detach(&at) && !err)
		err = -EIO;
close:
	attach_close(&at);
	return attach_status(err);
}
