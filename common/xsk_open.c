// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A socket made, bound to a queue, entered in a map, and closed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <xdp/xsk.h>

#include "log.h"
#include "probe.h"
#include "xsk_socket.h"

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
	struct umem *umem = xsk->umem;
	int err;

	if (opts->copy)
		config.bind_flags |= XDP_COPY;
	if (opts->zero_copy)
		config.bind_flags |= XDP_ZEROCOPY;
	if (!umem->umem) {
		err = umem_register(umem, &xsk->fill, &xsk->comp);
		if (err)
			return err;
	}
	err = xsk_socket__create_shared(&xsk->socket, dev->name, xsk->queue, umem->umem, &xsk->rx,
					&xsk->tx, &xsk->fill, &xsk->comp, &config);
	if (!err)
		return 0;
	xsk->socket = NULL;
	/* The first socket is the one that the memory is registered with, and
	 * libxdp cannot bind that a second time.
	 */
	if (!umem->sockets)
		umem_unregister(umem);
	return err;
}

static int retry_socket(struct xsk *xsk, const struct netif *dev, const struct xsk_opts *opts)
{
	struct timespec pause = { .tv_nsec = RETRY_MS * 1000000 };
	int err, i;

	for (i = 0; i < RETRIES; i++) {
		memset(&xsk->fill, 0, sizeof(xsk->fill));
		memset(&xsk->comp, 0, sizeof(xsk->comp));
		err = make_socket(xsk, dev, opts);
		if (err != -EBUSY)
			return err;
		nanosleep(&pause, NULL);
	}
	return err;
}

/* Say why there is no socket. */
static void explain(const struct xsk *xsk, const struct netif *dev, const struct xsk_opts *opts,
		    int err)
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
		return PROBE_LACKING;
	}
	pr_err("cannot use busy polling: %s", strerror(errno));
	return -errno;
}

/* Copy or zero-copy: what it got, not what was asked for. */
static int ask_mode(struct xsk *xsk)
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
	err = retry_socket(xsk, dev, opts);
	if (err) {
		explain(xsk, dev, opts, err);
		return err == -EAFNOSUPPORT ? PROBE_LACKING : err;
	}
	umem->sockets++;
	xsk->fd = xsk_socket__fd(xsk->socket);
	err = frames_open(&xsk->frames, first, umem->opts.frames, umem->opts.frame_size);
	if (err)
		pr_err("cannot get memory for %u frames", umem->opts.frames);
	if (!err)
		err = ask_mode(xsk);
	if (!err && opts->busy_poll)
		err = prefer_busy_poll(xsk, opts);
	if (err)
		xsk_close(xsk);
	return err;
}

int xsk_enter(struct xsk *xsk, int map_fd)
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
