// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Sockets and threads of all queues: opened, started, watched and ended. While
 * the threads work, the main one reports, and sees what goes wrong.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "group.h"
#include "log.h"
#include "maps.h"
#include "signals.h"

#define CHECK_SECONDS 0.25

int group_prepare(struct group *group, const struct attach *at, const struct netif *dev)
{
	int queues = netif_queues(dev), err;

	if (queues < 0) {
		pr_err("cannot ask '%s' for its queues: %s", dev->name, strerror(-queues));
		return queues;
	}
	group->dev = *dev;
	group->queues = (unsigned int)queues;
	err = maps_resize(at->obj, at->path, "xsks_map", group->queues);
	if (!err)
		err = maps_resize(at->obj, at->path, "xdp_queue_map", group->queues);
	return err;
}

static int allocate(struct group *group, unsigned int count)
{
	size_t size = count * sizeof(*group->workers);

	group->workers = aligned_alloc(_Alignof(struct worker), size);
	if (!group->workers) {
		pr_err("cannot get memory for %u queues", count);
		return -ENOMEM;
	}
	memset(group->workers, 0, size);
	group->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (group->stop_fd >= 0)
		return 0;
	pr_err("cannot make an eventfd: %s", strerror(errno));
	return -errno;
}

int group_open(struct group *group, const struct cpus *queues, const struct xsk_opts *opts,
	       enum worker_job job)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int i;
	int err;

	err = allocate(group, queues->count);
	if (!err)
		err = umem_open(&group->umem, &opts->umem, queues->count);
	for (i = 0; !err && i < queues->count; i++) {
		struct worker *worker = &group->workers[i];

		worker->job = job;
		worker->poll = opts->poll;
		worker->yield = queues->count >= (unsigned long)cpus;
		worker->stop = &group->stop;
		worker->stop_fd = group->stop_fd;
		pthread_mutex_init(&worker->lock, NULL);
		err = xsk_open(&worker->xsk, &group->umem, &group->dev, queues->cpu[i], opts);
		if (!err)
			group->count++;
	}
	return err;
}

int group_start(struct group *group, const struct attach *at)
{
	struct maps_layout layout = { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(__u32),
				      sizeof(struct queue_rec), group->queues };
	int xsks_map = maps_find(at->obj, "xsks_map"), err = 0;
	unsigned int i;

	group->queue_map = maps_find(at->obj, "xdp_queue_map");
	if (xsks_map < 0 || group->queue_map < 0 ||
	    maps_check(group->queue_map, "xdp_queue_map", &layout))
		return -ENOEXEC;
	for (i = 0; !err && i < group->count; i++)
		err = worker_start(&group->workers[i]);
	for (i = 0; !err && i < group->count; i++) {
		const struct xsk *xsk = &group->workers[i].xsk;

		err = xsk_map_add(&group->workers[i].xsk, xsks_map);
		if (!err)
			pr_info("queue %u of '%s': %s, %u frames of %u bytes", xsk->queue,
				group->dev.name, xsk->zero_copy ? "zero-copy" : "copy mode",
				group->umem.opts.frames, group->umem.opts.frame_size);
	}
	return err;
}

static bool has_socket(const struct group *group, unsigned int queue)
{
	unsigned int i;

	for (i = 0; i < group->count; i++)
		if (group->workers[i].xsk.queue == queue)
			return true;
	return false;
}

/* The commonest reason why nothing arrives: it arrives elsewhere. */
static bool warn_of_others(const struct group *group, const struct record *now)
{
	unsigned int q;

	for (q = 0; q < group->queues; q++) {
		if (!now->queue[q].seen || has_socket(group, q))
			continue;
		pr_warn("packets come in on queue %u of '%s', which has no socket (see --queue)", q,
			group->dev.name);
		return true;
	}
	return false;
}

/* Whether all is as it was. Returns 0, or -errno after one error line. */
static int check_all(const struct group *group, const struct record *now, struct attach *at)
{
	int err = attach_check(at);

	if (err || !now->died)
		return err;
	pr_err("cannot go on with '%s': %s", group->dev.name, strerror(-now->died));
	return now->died;
}

/* Sleep until the next report, or a part of that. True: a signal has come. */
static bool pause_until(double due)
{
	double left = due - monotonic_now();

	return signals_wait(left > CHECK_SECONDS ? CHECK_SECONDS : left > 0 ? left : 0);
}

int group_run(struct group *group, const struct stats_opts *opts, struct attach *at)
{
	struct record before, now;
	unsigned int reports = 0;
	bool warned = false;
	double started, wait, due;
	int err;

	err = report_collect(group, &before);
	if (err)
		return err;
	started = before.time;
	wait = stats_wait_time(opts, reports, started);
	due = monotonic_now() + wait;
	while (!err && wait >= 0 && !pause_until(due)) {
		err = report_collect(group, &now);
		if (err)
			break;
		err = check_all(group, &now, at);
		warned = warned || warn_of_others(group, &now);
		if (err || now.time < due) {
			report_free(&now);
			continue;
		}
		err = report_print(group, opts, &now, &before);
		report_free(&before);
		before = now;
		wait = stats_wait_time(opts, ++reports, started);
		due = monotonic_now() + wait;
	}
	report_free(&before);
	return err;
}

/* What the last report could not know. */
static void summarize(struct group *group)
{
	unsigned long long received = 0, sent = 0, ignored = 0, lost = 0;
	struct worker_counts counts;
	unsigned int i;

	for (i = 0; i < group->count; i++) {
		worker_read(&group->workers[i], &counts);
		received += counts.rx.packets;
		sent += counts.tx.packets - counts.tx_dropped;
		ignored += counts.ignored;
		lost += counts.tx_dropped;
	}
	pr_info("received %llu packets, sent %llu, ignored %llu, not sent %llu", received, sent,
		ignored, lost);
}

void group_stop(struct group *group)
{
	unsigned int i;

	group->stop = true;
	if (group->workers && eventfd_write(group->stop_fd, 1))
		pr_warn("cannot tell the threads to end: %s", strerror(errno));
	for (i = 0; i < group->count; i++)
		worker_join(&group->workers[i]);
	summarize(group);
}

void group_close(struct group *group)
{
	unsigned int i;

	for (i = 0; i < group->count; i++)
		xsk_close(&group->workers[i].xsk);
	umem_close(&group->umem);
	if (group->workers && group->stop_fd >= 0)
		close(group->stop_fd);
	free(group->workers);
	group->workers = NULL;
}
