// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Which queues, and how: what the options of AF_XDP commands come to. */
#include <errno.h>
#include <string.h>

#include <xdp/libxdp.h>

#include "log.h"
#include "options_xsk.h"

static int check_modes(struct xsk_opts *opts, int mode)
{
	if (opts->copy && opts->zero_copy) {
		pr_err("--copy and --zero-copy exclude each other");
		return -EINVAL;
	}
	if (mode == XDP_MODE_SKB && opts->zero_copy) {
		pr_err("--skb-mode and --zero-copy exclude each other: generic XDP copies");
		return -EINVAL;
	}
	if (mode == XDP_MODE_SKB)
		opts->copy = true;
	if (opts->budget && !opts->busy_poll) {
		pr_err("--budget is for --busy-poll");
		return -EINVAL;
	}
	return 0;
}

int xsk_choose(struct xsk_opts *opts, int mode, const struct netif *dev, struct cpus *queues)
{
	int err, i, there;

	err = check_modes(opts, mode);
	if (err)
		return err;
	there = netif_queues(dev);
	if (there < 0) {
		pr_err("cannot ask '%s' for its queues: %s", dev->name, strerror(-there));
		return there;
	}
	if (!opts->queues) {
		for (i = 0; i < there && i < CPUS_MAX; i++)
			queues->cpu[i] = (unsigned int)i;
		queues->count = (unsigned int)i;
		return 0;
	}
	err = cpus_parse(opts->queues, queues);
	if (err == -EINVAL) {
		pr_err("bad value '%s' for --queue: no list like 0,2-3", opts->queues);
		return err;
	}
	if (!err && queues->cpu[queues->count - 1] < (unsigned int)there)
		return 0;
	pr_err("bad value '%s' for --queue: '%s' has the receive queues 0 to %d", opts->queues,
	       dev->name, there - 1);
	return -EINVAL;
}
