// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach xdp_stats1_func, report its counters until told to stop, detach. */
#include <errno.h>
#include <string.h>

#include "attach.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "signals.h"
#include "stats.h"

struct counter_opts {
	struct netif dev;
	struct attach_opts attach;
	struct stats_opts stats;
};

/* clang-format off */
static const struct option_line options[] = {
	OPTIONS_DEVICE(struct counter_opts, dev),
	OPTIONS_MODE(struct counter_opts, attach),
	OPTIONS_UNLOAD(struct counter_opts, attach),
	OPTIONS_OBJECT(struct counter_opts, attach),
	OPTIONS_STATS(struct counter_opts, stats),
	OPTIONS_END
};
/* clang-format on */

static const struct option_spec spec = {
	.purpose = "Attach a program that counts packets, report its counters until\n"
		   "--count, --duration or a signal ends it, and detach it.",
	.options = options,
};

/* The polling loop. Later lessons call stats_poll() for it. */
static int poll_stats(struct attach *at, int map_fd, const struct stats_opts *opts)
{
	struct stats_record before, now;
	unsigned int reports = 0;
	double started, wait;
	int err;

	err = stats_collect(map_fd, &before);
	started = before.time;
	while (!err) {
		/* Sleep; a signal or the last report ends the loop. */
		wait = stats_wait_time(opts, reports, started);
		if (wait < 0 || signals_wait(wait))
			return 0;

		/* The interface, or our program, may have gone meanwhile. */
		err = attach_check(at);
		if (err)
			return err;

		/* Rates follow from two records and the time between. */
		err = stats_collect(map_fd, &now);
		if (err)
			break;
		err = stats_print(opts, at->dev.name, &now, &before);
		if (err)
			return err;
		before = now;
		reports++;
	}
	pr_err("cannot read 'xdp_stats_map': %s", strerror(-err));
	return -ENOEXEC;
}

int main(int argc, char **argv)
{
	struct counter_opts opts = { 0 };
	struct attach at = { 0 };
	int map_fd, err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));

	err = attach_open(&at, &opts.attach, "xdp_counter_kern.o", "xdp_stats1_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}

	err = attach_load(&at, &opts.dev, &opts.attach);
	if (err)
		goto close;

	/* Whoever typed the command sees that it works, and how to end it. */
	attach_announce(&at);

	/* The map exists since it was loaded. Is it the one that we know? */
	map_fd = maps_find(at.obj, "xdp_stats_map");
	if (map_fd < 0 || maps_check(map_fd, "xdp_stats_map", &stats_layout))
		err = -ENOEXEC;
	else
		err = poll_stats(&at, map_fd, &opts.stats);

	/* A runner leaves the interface as it found it. */
	if (attach_detach(&at) && !err)
		err = -EIO;
close:
	attach_close(&at);
	return attach_status(err);
}
