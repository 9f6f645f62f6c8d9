// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The polling loop, as in basic03-map-counter. */
#include "attach.h"
#include "cpumap.h"
#include "signals.h"

static int report(const struct cpumap *map, const struct stats_opts *opts, const struct netif *dev,
		  struct attach *at, struct cpumap_record *before)
{
	struct cpumap_record now;
	int err;

	err = at ? attach_check(at) : 0;
	if (!err)
		err = cpumap_collect(map, &now);
	if (err)
		return err;
	err = cpumap_print(opts, dev->name, &now, before);
	cpumap_release(before);
	*before = now;
	return err;
}

static int poll_counters(const struct cpumap *map, const struct stats_opts *opts,
			 const struct netif *dev, struct attach *at)
{
	struct cpumap_record before;
	unsigned int reports = 0;
	double wait, started;
	int err;

	err = cpumap_collect(map, &before);
	if (err)
		return err;
	started = before.time;
	while (!err) {
		wait = stats_wait_time(opts, reports++, started);
		if (wait < 0 || signals_wait(wait))
			break;
		err = report(map, opts, dev, at, &before);
	}
	cpumap_release(&before);
	return err;
}

int cpumap_report(const char *folder, const struct stats_opts *opts, const struct netif *dev,
		  struct attach *at)
{
	struct cpumap map;
	int err = cpumap_open(&map, folder);

	if (err)
		return err;
	err = poll_counters(&map, opts, dev, at);
	cpumap_close(&map);
	return err;
}
