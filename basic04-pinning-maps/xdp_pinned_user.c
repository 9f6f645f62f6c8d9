// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Attach xdp_pinned_func and pin its maps, so that others can open them; with
 * --link pin the attachment, too. Later lessons call common/attach_pinned.h.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "attach.h"
#include "attach_replace.h"
#include "log.h"
#include "options.h"
#include "pinning.h"
#include "probe/probe.h"
#include "stats.h"

#define PIN_MAX (PATH_MAX + NAME_MAX + 2)
#define LINK_NAME "xdp_link" /* of the link's pin, beside those of the maps */

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
	       "folder for the pins (default: /sys/fs/bpf/IFNAME)"),
	OPTION("reuse-maps", 'M', NULL, OPTION_FLAG, struct pinned_opts, reuse,
	       "use the maps that are pinned there already"),
	OPTION("link", 0, NULL, OPTION_FLAG, struct pinned_opts, link,
	       "attach with a bpf_link, and pin it"),
	OPTION("stats", 0, NULL, OPTION_FLAG, struct pinned_opts, poll,
	       "stay, report the counters, and detach at the end"),
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

static __u32 mode_flags(int mode)
{
	if (mode == XDP_MODE_SKB)
		return XDP_FLAGS_SKB_MODE;
	return mode == XDP_MODE_NATIVE ? XDP_FLAGS_DRV_MODE : 0;
}

/* Attach with a link, and pin that: from here on the pin holds it. */
static int pin_link(struct attach *at, const char *folder)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = mode_flags(at->mode));
	char path[PATH_MAX];
	int fd, err = 0;

	if ((size_t)snprintf(path, sizeof(path), "%s/" LINK_NAME, folder) >= sizeof(path))
		return -ENAMETOOLONG;
	fd = bpf_link_create(xdp_program__fd(at->prog), at->dev.index, BPF_XDP, &opts);
	if (fd < 0)
		return probe_explain("xdp_link", fd);
	unlink(path); /* of a link that is no longer attached */
	if (bpf_obj_pin(fd, path))
		err = -errno;
	/* Without a pin this would be the end of the attachment. */
	close(fd);
	return err;
}

/*
 * Load and attach, with a link instead of netlink: no dispatcher, and nobody
 * replaces it by mistake. Results and errors are those of attach_load().
 */
static int load_with_link(struct attach *at, const struct pinned_opts *opts, const char *folder)
{
	int err = attach_begin(at, &opts->dev, &opts->attach);

	if (err)
		return err;
	if (at->before.count) {
		pr_err("cannot attach to '%s' with a link: id %u ('%s') is "
		       "there (--unload-all makes room)",
		       opts->dev.name, at->before.entry[0].id, at->before.entry[0].name);
		return attach_end(at, -ECANCELED);
	}
	err = attach_load_plain(at);
	if (!err)
		err = pin_link(at, folder);
	return attach_end(at, err);
}

static int load(struct attach *at, const struct pinned_opts *opts, const char *folder)
{
	int err = opts->reuse ? pinning_reuse_maps(at->obj, folder) : 0;

	if (err)
		return err;
	if (opts->link)
		return load_with_link(at, opts, folder);
	return attach_load(at, &opts->dev, &opts->attach);
}

/* Where @map is pinned; @suffix is "" or that of a name for the moment. */
static const char *pin_path(char *path, const char *folder, const struct bpf_map *map,
			    const char *suffix)
{
	snprintf(path, PIN_MAX, "%s/%s%s", folder, bpf_map__name(map), suffix);
	return path;
}

/*
 * Pin each map under its name, all or none; later lessons call pinning_pin_maps().
 * A name that exists cannot be pinned to. So the maps are pinned under other names
 * first, and renamed, in one step: no reader finds a name without a map.
 */
static int pin_maps(struct bpf_object *obj, const char *folder)
{
	char path[PIN_MAX], new[PIN_MAX];
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, obj) {
		/* Global variables are maps too; those belong to one program. */
		if (err || bpf_map__is_internal(map))
			continue;
		unlink(pin_path(new, folder, map, "_new")); /* of a loader that was killed */
		if (bpf_obj_pin(bpf_map__fd(map), new))
			err = -errno;
	}
	bpf_object__for_each_map(map, obj) {
		if (bpf_map__is_internal(map))
			continue;
		pin_path(new, folder, map, "_new");
		if (!err && rename(new, pin_path(path, folder, map, "")))
			err = -errno;
		if (err)
			unlink(new);
	}
	if (!err)
		return 0;
	pr_err("cannot pin the maps in '%s': %s", folder, strerror(-err));
	return -ENOEXEC;
}

/* Leave it attached and pinned; or stay, report until told to end, and detach. */
static int run(struct attach *at, const struct pinned_opts *opts, const char *folder)
{
	int err = pin_maps(at->obj, folder);

	snprintf(at->pinned, sizeof(at->pinned), "%s", folder); /* for the message */
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

	err = options_parse(&spec, argc, argv, &opts, NULL) ?: stats_check(&opts.stats, opts.poll);
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
