// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * One AF_XDP socket: queues and modes chosen, bound to a queue, its rings used
 * in the order in which a frame goes through them, and its frames counted.
 */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <xdp/libxdp.h>
#include <xdp/xsk.h>

#include "afxdp/xsk.h"
#include "log.h"
#include "probe/probe.h"

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

/* A queue that was freed is busy for 10 to 20 ms, more on a busy machine. */
#define RETRY_MS 5
#define RETRIES 60

static int make_socket(struct xsk *xsk, const struct netif *dev, const struct xsk_opts *opts)
{
	struct xsk_socket_config config = {
		.rx_size = xsk->umem->ring_size,
		.tx_size = xsk->umem->ring_size,
		/* The program is attached by us, and it is our own. */
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		.bind_flags = XDP_USE_NEED_WAKEUP,
	};
	struct timespec pause = { .tv_nsec = RETRY_MS * 1000000 };
	struct umem *umem = xsk->umem;
	int err = 0, i;

	if (opts->copy)
		config.bind_flags |= XDP_COPY;
	if (opts->zero_copy)
		config.bind_flags |= XDP_ZEROCOPY;
	if (!umem->umem)
		err = umem_register(umem, &xsk->fill, &xsk->comp);
	if (err)
		return err;
	for (i = 0; i < RETRIES; i++) {
		err = xsk_socket__create_shared(&xsk->socket, dev->name, xsk->queue, umem->umem,
						&xsk->rx, &xsk->tx, &xsk->fill, &xsk->comp,
						&config);
		if (err != -EBUSY)
			break;
		nanosleep(&pause, NULL);
	}
	if (err)
		xsk->socket = NULL;
	return err;
}

/* Say why there is no socket. */
static void explain_bind(const struct xsk *xsk, const struct netif *dev,
			 const struct xsk_opts *opts, int err)
{
	const char *why = strerror(-err);

	switch (err) {
	case -EBUSY:
		why = "another AF_XDP socket has it";
		break;
	case -EINVAL:
		/* The first one found a queue. */
		why = xsk->umem->sockets ?
			      "this kernel shares no UMEM between queues (Linux 5.10 does)" :
			      "there is no such queue";
		break;
	case -EOPNOTSUPP:
		why = opts->zero_copy ? "its driver has no zero-copy" : "not supported";
		break;
	case -EPERM:
		why = "not permitted (run it as root)";
		break;
	case -EAFNOSUPPORT:
		why = "this kernel has no AF_XDP";
		break;
	case -ENOBUFS:
		pr_err("cannot register %zu KiB of frames: more than may be locked (see ulimit -l)",
		       xsk->umem->size >> 10);
		return;
	case -ENODEV:
		why = "the interface is gone";
		break;
	}
	pr_err("cannot bind to queue %u of '%s': %s", xsk->queue, dev->name, why);
}

/* The driver runs when we ask it to, and not at each interrupt. */
static int prefer_busy_poll(const struct xsk *xsk, const struct xsk_opts *opts)
{
	int on = 1, microseconds = 20;
	int budget = (int)(opts->budget ? opts->budget : XSK_BATCH);

	if (!setsockopt(xsk->fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, &on, sizeof(on)) &&
	    !setsockopt(xsk->fd, SOL_SOCKET, SO_BUSY_POLL, &microseconds, sizeof(microseconds)) &&
	    !setsockopt(xsk->fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, &budget, sizeof(budget)))
		return 0;
	if (errno == ENOPROTOOPT) {
		pr_err("cannot use busy polling: Linux 5.11 has it, this kernel has not");
		return PROBE_UNSUPPORTED;
	}
	pr_err("cannot use busy polling: %s", strerror(errno));
	return -errno;
}

/* Copy or zero-copy: what it got, not what was asked for. */
static int read_mode(struct xsk *xsk)
{
	struct xdp_options got = { 0 };
	socklen_t size = sizeof(got);

	if (getsockopt(xsk->fd, SOL_XDP, XDP_OPTIONS, &got, &size)) {
		pr_err("cannot read the mode of queue %u: %s", xsk->queue, strerror(errno));
		return -errno;
	}
	xsk->zero_copy = got.flags & XDP_OPTIONS_ZEROCOPY;
	return 0;
}

int xsk_open(struct xsk *xsk, struct umem *umem, const struct netif *dev, unsigned int queue,
	     const struct xsk_opts *opts)
{
	uint64_t first = (uint64_t)umem->sockets * umem->opts.frames * umem->opts.frame_size;
	int err;

	*xsk = (struct xsk){ .umem = umem, .queue = queue, .fd = -1 };
	xsk->keep = opts->keep;
	xsk->busy_poll = opts->busy_poll;
	err = make_socket(xsk, dev, opts);
	if (err) {
		explain_bind(xsk, dev, opts, err);
		return err == -EAFNOSUPPORT ? PROBE_UNSUPPORTED : err;
	}
	umem->sockets++;
	xsk->fd = xsk_socket__fd(xsk->socket);
	err = frames_open(&xsk->frames, first, umem->opts.frames, umem->opts.frame_size);
	if (err)
		pr_err("cannot get memory for %u frames", umem->opts.frames);
	if (!err)
		err = read_mode(xsk);
	if (!err && opts->busy_poll)
		err = prefer_busy_poll(xsk, opts);
	if (err)
		xsk_close(xsk);
	return err;
}

int xsk_map_add(struct xsk *xsk, int map_fd)
{
	int err = xsk_socket__update_xskmap(xsk->socket, map_fd);

	if (!err)
		return 0;
	err = -errno;
	pr_err("cannot enter queue %u in 'xsks_map': %s", xsk->queue, strerror(-err));
	return err;
}

void xsk_close(struct xsk *xsk)
{
	xsk_socket__delete(xsk->socket);
	xsk->socket = NULL;
	frames_close(&xsk->frames);
}

unsigned int xsk_receive(struct xsk *xsk, struct xdp_desc *packets, unsigned int max)
{
	unsigned int n, i;
	__u32 at;

	/* What the kernel has written is seen here without a system call. */
	n = xsk_ring_cons__peek(&xsk->rx, max, &at);
	for (i = 0; i < n; i++) {
		packets[i] = *xsk_ring_cons__rx_desc(&xsk->rx, at + i);
		frames_move(&xsk->frames, packets[i].addr, FRAMES_FILL, FRAMES_RX);
	}
	/* The entries are read: the kernel may write them again. */
	if (n)
		xsk_ring_cons__release(&xsk->rx, n);
	return n;
}

void xsk_send(struct xsk *xsk, const struct xdp_desc *packets, unsigned int n)
{
	unsigned int i;
	__u32 at;

	/* There is an entry for each frame, so there are n. */
	if (!n || !xsk_ring_prod__reserve(&xsk->tx, n, &at))
		return;
	for (i = 0; i < n; i++) {
		struct xdp_desc *desc = xsk_ring_prod__tx_desc(&xsk->tx, at + i);

		*desc = packets[i];
		desc->options = 0;
		frames_move(&xsk->frames, desc->addr, FRAMES_RX, FRAMES_TX);
	}
	xsk_ring_prod__submit(&xsk->tx, n);
}

void xsk_drop(struct xsk *xsk, const struct xdp_desc *packets, unsigned int n)
{
	while (n--)
		frames_free(&xsk->frames, packets[n].addr, FRAMES_RX);
}

/* Frames that have been sent come back, in any order: they are free. */
static void take_completions(struct xsk *xsk)
{
	unsigned int n, i;
	__u32 at;

	n = xsk_ring_cons__peek(&xsk->comp, xsk->comp.size, &at);
	for (i = 0; i < n; i++)
		frames_free(&xsk->frames, *xsk_ring_cons__comp_addr(&xsk->comp, at + i), FRAMES_TX);
	if (n)
		xsk_ring_cons__release(&xsk->comp, n);
}

/* All free frames but those to be kept go to the kernel, to receive into. */
static void refill(struct xsk *xsk)
{
	unsigned int n = xsk->frames.owned[FRAMES_FREE], i;
	__u32 at;

	if (n <= xsk->keep)
		return;
	n -= xsk->keep;
	if (!xsk_ring_prod__reserve(&xsk->fill, n, &at))
		return; /* cannot be: there is an entry for each frame */
	for (i = 0; i < n; i++)
		*xsk_ring_prod__fill_addr(&xsk->fill, at + i) = frames_alloc(&xsk->frames,
									     FRAMES_FILL);
	xsk_ring_prod__submit(&xsk->fill, n);
}

/* Frames in the TX ring that the kernel has not taken out of it. */
static unsigned int unsent(const struct xsk *xsk)
{
	return xsk->tx.cached_prod - __atomic_load_n(xsk->tx.consumer, __ATOMIC_ACQUIRE);
}

/* Errors that are over when memory, the device or its link are back. */
static bool is_temporary(int error)
{
	return error == EAGAIN || error == EBUSY || error == ENOBUFS || error == ENETDOWN ||
	       error == EINTR;
}

void xsk_wait(struct xsk *xsk, int fd, int ms)
{
	struct pollfd wait[] = {
		{ .fd = xsk->fd, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};

	/* Where the kernel copies, poll sends, 32 frames a call. */
	poll(wait, 2, unsent(xsk) && ms > 1 ? 1 : ms);
}

/*
 * Copying, the kernel sends when it is told to, 32 frames a call or fewer;
 * EAGAIN: call again. A driver that works with our frames says when it sleeps.
 */
static int wake_sender(struct xsk *xsk)
{
	unsigned int left = unsent(xsk), before;

	while (left && xsk_ring_prod__needs_wakeup(&xsk->tx)) {
		before = left;
		if (sendto(xsk->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0) {
			/* The device had no room: that frame is lost. */
			if (errno == EBUSY && !xsk->zero_copy)
				xsk->tx_dropped++;
			else if (!is_temporary(errno))
				return -errno;
		}
		left = unsent(xsk);
		/* Nothing moves: the next round tries again. */
		if (left == before)
			break;
	}
	/* Busy polling runs the receiving side of the driver, and wakes no
	 * other. Where that does not send as well (virtio_net), poll(2) does.
	 */
	if (left && xsk->zero_copy && xsk->busy_poll)
		xsk_wait(xsk, -1, 0);
	return 0;
}

/*
 * A driver that ran out of frames waits to be told of new ones. And with busy
 * polling none looks for packets, unless we ask it to.
 */
static int wake_receiver(const struct xsk *xsk)
{
	struct pollfd ask = { .fd = xsk->fd, .events = POLLIN };

	if (xsk->busy_poll && recvfrom(xsk->fd, NULL, 0, MSG_DONTWAIT, NULL, NULL) < 0 &&
	    !is_temporary(errno))
		return -errno;
	if (xsk_ring_prod__needs_wakeup(&xsk->fill))
		poll(&ask, 1, 0);
	return 0;
}

int xsk_service(struct xsk *xsk)
{
	int err = wake_sender(xsk);

	take_completions(xsk);
	refill(xsk);
	return err ? err : wake_receiver(xsk);
}

int xsk_kernel_stats(const struct xsk *xsk, struct xdp_statistics *stats)
{
	socklen_t size = sizeof(*stats);

	/* Kernels before 5.9 fill the first half. */
	memset(stats, 0, sizeof(*stats));
	return getsockopt(xsk->fd, SOL_XDP, XDP_STATISTICS, stats, &size) ? -errno : 0;
}

/* Entries that the kernel has written and we have not read. */
static unsigned int waiting(const struct xsk_ring_cons *ring)
{
	return __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE) - ring->cached_cons;
}

void xsk_count(const struct xsk *xsk, struct xsk_frame_counts *counts)
{
	const unsigned int *owned = xsk->frames.owned;
	unsigned int received = waiting(&xsk->rx), sent = waiting(&xsk->comp);

	frames_check(&xsk->frames);
	/* To us they are the kernel's until we have read so; the kernel has
	 * already written it.
	 */
	*counts = (struct xsk_frame_counts){
		.free = owned[FRAMES_FREE],
		.fill = owned[FRAMES_FILL] - received,
		.rx = owned[FRAMES_RX] + received,
		.tx = owned[FRAMES_TX] - sent,
		.completion = sent,
	};
}
