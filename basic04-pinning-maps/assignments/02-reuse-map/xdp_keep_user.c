// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 02: a loader that goes on with the map that is pinned already. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "pinning.h"
#include "stats.h"

#define MAP "xdp_stats_map"

struct keep_opts {
	struct netif dev;
	struct attach_opts attach;
};

static const struct option_line options[] = { OPTIONS_DEVICE(struct keep_opts, dev),
					      OPTIONS_MODE(struct keep_opts, attach),
					      OPTIONS_UNLOAD(struct keep_opts, attach),
					      OPTIONS_END };

static const struct option_spec spec = {
	.purpose = "Attach a program that counts packets, and leave it with its map pinned.",
	.options = options,
};

/* Load, attach, and pin the map in @folder. */
static int load(struct attach *at, const struct keep_opts *opts, const char *folder)
{
	int err;

	err = attach_open(at, &opts->attach, "xdp_keep_kern.o", "xdp_keep_func");
	/* Assignment: if MAP is pinned in @folder, the program has to go on with that one. */
	if (!err)
		err = attach_load(at, &opts->dev, &opts->attach);
	if (err)
		return err;
	err = pinning_pin_maps(at->obj, folder);
	if (err)
		attach_detach(at);
	return err ? err : attach_print(at);
}

int main(int argc, char **argv)
{
	struct keep_opts opts = { 0 };
	struct attach at = { 0 };
	char folder[PATH_MAX];
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));

	err = pinning_folder(folder, sizeof(folder), NULL, &opts.dev);
	if (!err)
		err = pinning_make_folder(folder) < 0 ? -ENOEXEC : 0;
	if (!err)
		err = load(&at, &opts, folder);
	attach_close(&at);
	return attach_status(err);
}
