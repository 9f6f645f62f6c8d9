// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach xdp_stem_func and leave it there. */
#include "attach.h"
#include "options.h"

struct lesson_opts {
	struct netif dev;
	struct attach_opts attach;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct lesson_opts, dev),
	OPTIONS_MODE(struct lesson_opts, attach),
	OPTIONS_UNLOAD(struct lesson_opts, attach),
	OPTIONS_OBJECT(struct lesson_opts, attach),
	OPTIONS_END,
};

static const struct option_spec spec = {
	.purpose = "Attach an XDP program that drops IPv6, and leave it attached.",
	.options = options,
};

int main(int argc, char **argv)
{
	struct lesson_opts opts = { 0 };
	struct attach at = { 0 };
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));

	/* Open: the object is read, and nothing of it in the kernel yet. */
	err = attach_open(&at, &opts.attach, "xdp_stem_kern.o", "xdp_stem_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}

	/* Configure: settings and sizes of maps are set here. */

	/* Load and attach: from here on packets meet the program. */
	err = attach_load(&at, &opts.dev, &opts.attach);
	if (err)
		goto close;

	/* The interface holds the program now: it stays when we end. */
	err = attach_print(&at);
close:
	attach_close(&at);
	return attach_status(err);
}
