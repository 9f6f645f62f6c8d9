// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 03: a reader that follows the map behind a pin. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "pinning.h"
#include "signals.h"
#include "stats.h"

#define MAP "xdp_stats_map"

struct follow_opts {
	struct netif dev;
	struct stats_opts stats;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct follow_opts, dev),
	OPTIONS_INTERVAL(struct follow_opts, stats),
	OPTIONS_END,
};

static const struct option_spec spec = {
	.purpose = "Report the packets that a loader's program has passed, until a signal.",
	.options = options,
};

struct reader {
	char path[PATH_MAX + sizeof(MAP)]; /* of the pin */
	int fd; /* the map, -1: none yet */
	unsigned long long before; /* packets in the last report */
};

/* Open the map that is pinned. Returns 0, or -ENOEXEC after one error line. */
static int follow(struct reader *reader)
{
	/* Assignment: it may be another map than the one that was opened. */
	if (reader->fd >= 0)
		return 0;
	reader->fd = maps_open_pinned(reader->path, &stats_layout);
	if (reader->fd == -ENOENT)
		pr_err("no map is pinned at '%s' (does a loader run?)", reader->path);
	return reader->fd < 0 ? -ENOEXEC : 0;
}

static int report(struct reader *reader)
{
	struct stats_record now;
	unsigned long long packets;
	int err;

	err = follow(reader);
	if (!err)
		err = stats_collect(reader->fd, &now);
	if (err)
		return err;
	packets = now.action[XDP_PASS].rx_packets;
	printf("%llu packets, %llu new\n", packets, packets - reader->before);
	reader->before = packets;
	return output_flush();
}

int main(int argc, char **argv)
{
	struct follow_opts opts = { 0 };
	struct reader reader = { .fd = -1 };
	unsigned int reports = 0;
	char folder[PATH_MAX];
	sigset_t signals;
	double started;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	err = pinning_folder(folder, sizeof(folder), NULL, &opts.dev);
	if (err)
		return attach_status(err);
	snprintf(reader.path, sizeof(reader.path), "%s/" MAP, folder);

	signals_hold(&signals);
	started = monotonic_now();
	while (!err) {
		double wait = stats_wait_time(&opts.stats, reports++, started);

		if (wait < 0 || signals_wait(wait))
			break;
		err = report(&reader);
	}
	if (reader.fd >= 0)
		close(reader.fd);
	signals_restore(&signals);
	return attach_status(err);
}
