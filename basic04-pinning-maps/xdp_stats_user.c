// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Report counters that another process has pinned; read and change elements. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "element.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "pinning.h"
#include "signals.h"
#include "stats.h"

#define STATS_PIN_MAX (PATH_MAX + 32)

struct stats_user_opts {
	struct netif dev;
	struct stats_opts stats;
	struct element_opts element;
	const char *pin_dir;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct stats_user_opts, dev),
	OPTION("pin-dir", 0, "DIR", OPTION_STRING, struct stats_user_opts, pin_dir,
	       "folder of the pins (default: /sys/fs/bpf/IFNAME)"),
	OPTIONS_STATS(struct stats_user_opts, stats),
	OPTION("map", 0, "NAME", OPTION_STRING, struct stats_user_opts, element.map,
	       "map that get, set and del work on (default: xdp_proto_map)"),
	OPTION_SET("any", 0, BPF_ANY, struct stats_user_opts, element.flag,
		   "set: create the element or change it (default)"),
	OPTION_SET("noexist", 0, BPF_NOEXIST, struct stats_user_opts, element.flag,
		   "set: create the element, refuse if it exists"),
	OPTION_SET("exist", 0, BPF_EXIST, struct stats_user_opts, element.flag,
		   "set: change the element, refuse if there is none"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Report the counters that a loader has pinned; or read, set and\n"
		   "delete elements of its maps.",
	.args = "[get [KEY] | set KEY VALUE | del KEY]",
	.options = options,
};

/* The map under its name now: perhaps not the one of a moment ago. */
struct pinned {
	char path[STATS_PIN_MAX];
	unsigned int id;
	int fd;
};

/*
 * Open what is pinned there now, check it, and say so when it is another map
 * than before. Later lessons open with maps_open_pinned().
 */
static int follow(struct pinned *map, bool *replaced)
{
	struct maps_info info = { .id = 0 };
	int fd = bpf_obj_get(map->path);

	*replaced = false;
	if (fd < 0 && errno == ENOENT)
		pr_err("no map is pinned at '%s'%s", map->path,
		       map->id ? " any more" : " (does a loader run?)");
	else if (fd < 0)
		pr_err("cannot open the map pinned at '%s': %s", map->path, strerror(errno));
	if (fd < 0)
		return -ENOEXEC;
	if (maps_check(fd, map->path, &stats_layout)) {
		close(fd);
		return -ENOEXEC;
	}
	maps_get_info(fd, &info);
	if (map->id && map->id != info.id) {
		*replaced = true;
		pr_info("'%s' was replaced: map id %u instead of %u", map->path, info.id, map->id);
	}
	if (map->fd >= 0)
		close(map->fd);
	map->fd = fd;
	map->id = info.id;
	return 0;
}

static int report(struct pinned *map, const struct stats_user_opts *opts,
		  struct stats_record *before)
{
	struct stats_record now;
	bool replaced;
	int err = follow(map, &replaced);

	if (err)
		return err;
	err = stats_collect(map->fd, &now);
	if (err) {
		pr_err("cannot read '%s': %s", map->path, strerror(-err));
		return -ENOEXEC;
	}
	/* The counters of a new map began at 0. */
	if (replaced)
		memset(before->action, 0, sizeof(before->action));
	err = stats_print(&opts->stats, opts->dev.name, &now, before);
	*before = now;
	return err;
}

static int poll_pinned(struct pinned *map, const struct stats_user_opts *opts)
{
	struct stats_record before;
	unsigned int reports = 0;
	double started, wait;
	bool replaced;
	int err = follow(map, &replaced);

	if (err)
		return err;
	err = stats_collect(map->fd, &before);
	started = before.time;
	while (!err) {
		wait = stats_wait_time(&opts->stats, reports++, started);
		if (wait < 0 || signals_wait(wait))
			break;
		err = report(map, opts, &before);
	}
	return err;
}

int main(int argc, char **argv)
{
	struct stats_user_opts opts = { 0 };
	struct pinned map = { .fd = -1 };
	char folder[PATH_MAX];
	sigset_t signals;
	int err, first;

	err = options_parse(&spec, argc, argv, &opts, &first);
	if (err)
		return options_status(err);
	err = pinning_folder(folder, sizeof(folder), opts.pin_dir, &opts.dev);
	if (err)
		return attach_status(err);
	if (first < argc)
		return attach_status(
			element_command(&opts.element, folder, argc - first, argv + first));

	snprintf(map.path, sizeof(map.path), "%s/xdp_stats_map", folder);
	signals_hold(&signals);
	err = poll_pinned(&map, &opts);
	signals_restore(&signals);
	return attach_status(err);
}
