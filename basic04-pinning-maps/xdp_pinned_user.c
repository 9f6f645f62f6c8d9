// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach xdp_pinned_func and pin its maps, so that others can open them. */
#include <errno.h>
#include <limits.h>

#include "attach.h"
#include "log.h"
#include "options.h"
#include "pinned_link.h"
#include "pinning.h"
#include "stats.h"

struct pinned_opts {
	struct netif dev;
	struct attach_opts attach;
	struct stats_opts stats;
	const char *pin_dir;
	bool reuse, link, poll;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct pinned_opts, dev),
	OPTIONS_MODE(struct pinned_opts, attach),
	OPTIONS_UNLOAD(struct pinned_opts, attach),
	OPTIONS_OBJECT(struct pinned_opts, attach),
	OPTION("pin-dir", 0, "DIR", OPTION_STRING, struct pinned_opts, pin_dir,
	       "pin in this folder (default: /sys/fs/bpf/IFNAME)"),
	OPTION("reuse-maps", 'M', NULL, OPTION_FLAG, struct pinned_opts, reuse,
	       "go on with the maps that are pinned there"),
	OPTION("link", 0, NULL, OPTION_FLAG, struct pinned_opts, link,
	       "attach with a bpf_link, and pin it"),
	OPTION("stats", 0, NULL, OPTION_FLAG, struct pinned_opts, poll,
	       "stay, report the counters, and detach in the end"),
	OPTIONS_STATS(struct pinned_opts, stats),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Attach a program that counts packets, pin its maps, and leave both.",
	.options = options,
};

/* Unpin what is in @folder, if no program is left that uses it. */
static int clean_up(const struct netif *dev, const char *folder)
{
	unsigned int ids[ATTACH_LIST_MAX];
	struct attach_list left = { .count = 0 };
	int i;

	/* Of an interface that is gone no program is left. */
	attach_query(dev, &left);
	for (i = 0; i < left.count; i++)
		ids[i] = left.entry[i].id;
	return pinning_remove(folder, ids, left.count);
}

static int unload(const struct pinned_opts *opts, const char *folder)
{
	int err = attach_unload(&opts->dev, &opts->attach);

	return err ? err : clean_up(&opts->dev, folder);
}

/* Attach in the one way or the other. */
static int load(struct attach *at, const struct pinned_opts *opts, const char *folder)
{
	int err = opts->reuse ? pinning_reuse_maps(at->obj, folder) : 0;

	if (err)
		return err;
	if (opts->link)
		return pinned_link_load(at, &opts->dev, &opts->attach, folder);
	return attach_load(at, &opts->dev, &opts->attach);
}

/* Pin and say so; or stay, report until told to end, and detach. */
static int run(struct attach *at, const struct pinned_opts *opts, const char *folder)
{
	int err = pinning_pin_maps(at->obj, folder);

	if (!err && !opts->poll)
		return attach_print(at);
	if (!err)
		err = stats_poll(at, &opts->stats);
	if (attach_detach(at) && !err)
		err = -EIO;
	return err;
}

/* From the object to the end; what an error or --stats leaves is cleaned up. */
static int load_and_run(struct attach *at, const struct pinned_opts *opts, const char *folder)
{
	int err, made = pinning_make_folder(folder);

	if (made < 0)
		return made;
	err = load(at, opts, folder);
	if (!err)
		err = run(at, opts, folder);
	/* What others have pinned there before us is not ours to remove. */
	if (err ? made : opts->poll && !opts->reuse)
		clean_up(&opts->dev, folder);
	return err;
}

int main(int argc, char **argv)
{
	struct pinned_opts opts = { 0 };
	struct attach at = { 0 };
	char folder[PATH_MAX];
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	err = pinning_folder(folder, sizeof(folder), opts.pin_dir, &opts.dev);
	if (err)
		return attach_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(unload(&opts, folder));

	err = attach_open(&at, &opts.attach, "xdp_pinned_kern.o", "xdp_pinned_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}
	err = attach_check_privileges("attach to", &opts.dev);
	if (!err)
		err = load_and_run(&at, &opts, folder);
close:
	attach_close(&at);
	return attach_status(err);
}
