// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Report the counters of a loader's own program until it is told to end. */
#include <errno.h>
#include <string.h>

#include "attach_unload.h"
#include "log.h"
#include "signals.h"
#include "stats_poll.h"

/* One report. Returns 0, or -errno after one error line. */
static int report(struct attach *at, int map_fd, const struct stats_opts *opts,
		  struct stats_record *before)
{
	struct stats_record now;
	int err;

	err = attach_check(at);
	if (err)
		return err;
	err = stats_collect(map_fd, &now);
	if (err) {
		pr_err("cannot read 'xdp_stats_map': %s", strerror(-err));
		return -ENOEXEC;
	}
	err = stats_print(opts, at->dev.name, &now, before);
	*before = now;
	return err;
}

int stats_poll(struct attach *at, const struct stats_opts *opts)
{
	struct stats_record before;
	unsigned int reports = 0;
	double wait, started;
	int map_fd, err;

	map_fd = maps_find(at->obj, "xdp_stats_map");
	if (map_fd < 0 || maps_check(map_fd, "xdp_stats_map", &stats_layout))
		return -ENOEXEC;
	err = stats_collect(map_fd, &before);
	if (err) {
		pr_err("cannot read 'xdp_stats_map': %s", strerror(-err));
		return -ENOEXEC;
	}
	started = before.time;
	while (!err) {
		wait = stats_wait_time(opts, reports++, started);
		if (wait < 0 || signals_wait(wait))
			break;
		err = report(at, map_fd, opts, &before);
	}
	return err;
}
