// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Requests made in the memory of AF_XDP sockets. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "afxdp/xsk.h"
#include "engine.h"
#include "log.h"
#include "maps.h"
#include "request.h"
#include "rules.h"
#include "show.h"
#include "signals.h"
#include "stats.h"
#include "xsk_loop.h"

#define HEADROOM 256 /* that XDP takes from a frame */
#define FRAMES_ALL 16384 /* of all sockets, if there are many */
#define FRAMES_LEAST 256
#define TIMER_SLACK_NS 1000UL

static int prepare(struct xsk_run *run, const struct netif *dev)
{
	int err = attach_open(&run->at, &run->ping->opts->attach, "xdp_ping_kern.o",
			      "xdp_ping_func");
	int queues = netif_queues(dev), mtu = netif_mtu(dev);
	size_t max = UMEM_FRAME_SIZE - HEADROOM;

	if (err)
		return err;
	if (queues < 0 || mtu < 0) {
		pr_err("cannot ask '%s' for its queues: %s", dev->name,
		       strerror(queues < 0 ? -queues : -mtu));
		return -ENODEV;
	}
	run->queues = (unsigned int)queues;
	if ((size_t)mtu + ETH_HLEN < max)
		max = (size_t)mtu + ETH_HLEN;
	err = request_prepare(run->ping, max);
	if (!err)
		err = maps_resize(run->at.obj, run->at.path, "xsks_map", run->queues);
	return err ? err : rules_prepare(run->ping, &run->at);
}

/* A socket for each queue: an answer comes in on any of them. */
static int open_sockets(struct xsk_run *run, const struct cpus *queues)
{
	struct xsk_opts *opts = &run->opts;
	size_t size = queues->count * sizeof(*run->socks);
	unsigned int i;
	int err;

	opts->umem.frames = FRAMES_ALL / queues->count;
	if (opts->umem.frames > UMEM_FRAMES)
		opts->umem.frames = UMEM_FRAMES;
	if (opts->umem.frames < FRAMES_LEAST)
		opts->umem.frames = FRAMES_LEAST;
	run->socks = aligned_alloc(_Alignof(struct xsk), size);
	if (!run->socks) {
		pr_err("cannot get memory for %u queues", queues->count);
		return -ENOMEM;
	}
	memset(run->socks, 0, size);
	err = umem_open(&run->umem, &opts->umem, queues->count);
	/* One half of the first one's frames is for requests. */
	opts->keep = opts->umem.frames / 2;
	for (i = 0; !err && i < queues->count; i++) {
		err = xsk_open(&run->socks[i], &run->umem, &run->ping->dev, queues->cpu[i], opts);
		opts->keep = 0;
		run->count += !err;
	}
	return err;
}

static void close_sockets(struct xsk_run *run)
{
	unsigned int i;

	for (i = 0; i < run->count; i++)
		xsk_close(&run->socks[i]);
	umem_close(&run->umem);
	free(run->socks);
}

/* The kernel gets frames first, then the program learns of the sockets. */
static int enter_sockets(struct xsk_run *run)
{
	int fd = maps_find(run->at.obj, "xsks_map"), err = 0;
	unsigned int i;

	if (fd < 0)
		return -ENOEXEC;
	for (i = 0; !err && i < run->count; i++) {
		err = xsk_service(&run->socks[i]);
		if (err)
			pr_err("cannot use queue %u of '%s': %s", run->socks[i].queue,
			       run->ping->dev.name, strerror(-err));
		else
			err = xsk_map_add(&run->socks[i], fd);
	}
	/* The loop's errors say that our program is not there any more. */
	return err == -ENODEV || err == -ENOENT ? -EIO : err;
}

static int run_attached(struct xsk_run *run)
{
	struct ping *ping = run->ping;
	const struct schedule_opts wanted = {
		.pps = ping_rate(ping),
		.count = (double)ping->opts->count * ping->n_asked,
	};
	char mode[64];
	int err;

	err = rules_enter(ping, run->at.obj);
	if (!err)
		err = enter_sockets(run);
	if (err)
		return err;
	snprintf(mode, sizeof(mode), "by AF_XDP, %s, queue %u",
		 run->socks->zero_copy ? "zero-copy" : "copy", run->socks->queue);
	ping->mode = mode;
	err = show_begin(ping);
	schedule_begin(&run->schedule, &wanted, monotonic_now());
	if (!err)
		err = xsk_loop(run);
	ping->mode = NULL;
	ping->sent = run->history.sent;
	ping->last = monotonic_now();
	return err;
}

static int attach_and_run(struct xsk_run *run)
{
	struct ping *ping = run->ping;
	uint64_t elsewhere;
	int err;

	err = attach_load(&run->at, &ping->dev, &ping->opts->attach);
	if (err)
		return err;
	run->signal_fd = signals_fd();
	err = run_attached(run);
	elsewhere = rules_collect(ping, run->at.obj);
	if (elsewhere)
		pr_warn("%llu answers came in on a queue that has no socket (see --queue)",
			(unsigned long long)elsewhere);
	if (err != -ENODEV && err != -ENOENT && attach_detach(&run->at) && !err)
		err = -EIO;
	if (run->signal_fd >= 0)
		close(run->signal_fd);
	return err;
}

int engine_xsk(struct ping *ping)
{
	struct xsk_run *run = calloc(1, sizeof(*run));
	struct cpus queues;
	int err;

	if (!run) {
		pr_err("cannot get memory for the requests");
		return -ENOMEM;
	}
	run->ping = ping;
	run->yield = sysconf(_SC_NPROCESSORS_ONLN) == 1;
	prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS);
	run->opts = ping->opts->xsk;
	err = xsk_choose(&run->opts, ping->opts->attach.mode, &ping->dev, &queues);
	if (!err)
		err = prepare(run, &ping->dev);
	if (!err)
		err = open_sockets(run, &queues);
	if (!err)
		err = attach_and_run(run);
	close_sockets(run);
	attach_close(&run->at);
	free(run);
	return err;
}
