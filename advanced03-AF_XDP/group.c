// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Sockets and threads of all queues. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "group.h"
#include "log.h"
#include "maps.h"

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
