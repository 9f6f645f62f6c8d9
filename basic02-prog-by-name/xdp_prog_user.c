// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach one of the programs of xdp_prog_kern.o, chosen by name. */
#include "attach.h"
#include "options.h"

struct prog_opts {
	struct netif dev;
	struct attach_opts attach;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct prog_opts, dev),
	OPTIONS_MODE(struct prog_opts, attach),
	OPTIONS_UNLOAD(struct prog_opts, attach),
	OPTIONS_OBJECT(struct prog_opts, attach),
	OPTIONS_END,
};

static const struct option_spec spec = {
	.purpose = "Attach an XDP program chosen by --progname, and leave it attached.\n"
		   "Without --progname it is xdp_pass_func.",
	.options = options,
};

int main(int argc, char **argv)
{
	struct prog_opts opts = { 0 };
	struct attach at = { 0 };
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));

	/* Open: programs and maps of the file are known, none exists yet. */
	err = attach_open(&at, &opts.attach, "xdp_prog_kern.o", "xdp_pass_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}

	/* Configure: between open and load a program's settings are set. */

	/* Load and attach: maps have file descriptors from here on. */
	err = attach_load(&at, &opts.dev, &opts.attach);
	if (err)
		goto close;

	/* The interface holds the program now: it stays when we end. */
	err = attach_print(&at);
close:
	attach_close(&at);
	return attach_status(err);
}
