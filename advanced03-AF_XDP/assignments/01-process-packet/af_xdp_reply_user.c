// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: one AF_XDP socket, whose packets process_packet() gets. This file is complete. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "afxdp/xsk.h"
#include "attach.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "process.h"
#include "signals.h"

#define WAIT_MS 1000

struct reply_opts {
	struct netif dev;
	struct attach_opts attach;
	struct xsk_opts xsk;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct reply_opts, dev),
	OPTIONS_MODE(struct reply_opts, attach),
	OPTIONS_END,
};

static const struct option_spec spec = {
	.purpose = "Answer the echo requests that come in on queue 0 of an interface, through an\n"
		   "AF_XDP socket, until a signal ends it.",
	.options = options,
};

/* Until a signal comes; an answer goes out in the frame of its request. */
static int serve(struct xsk *xsk)
{
	struct xdp_desc packets[XSK_BATCH];
	int fd = signals_fd(), err = 0;
	unsigned int n, i;

	while (!err && !signals_pending()) {
		n = xsk_receive(xsk, packets, XSK_BATCH);
		for (i = 0; i < n; i++) {
			if (process_packet(umem_data(xsk->umem, packets[i].addr), packets[i].len))
				xsk_send(xsk, &packets[i], 1);
			else
				xsk_drop(xsk, &packets[i], 1);
		}
		err = xsk_service(xsk);
		if (!err && !n)
			xsk_wait(xsk, fd, WAIT_MS);
	}
	if (fd >= 0)
		close(fd);
	if (err)
		pr_err("cannot go on with the socket: %s", strerror(-err));
	return err;
}

/* Give the kernel frames, and have the program find the socket. */
static int start(struct xsk *xsk, const struct attach *at)
{
	int map = maps_find(at->obj, "xsks_map");
	int err = map < 0 ? map : xsk_service(xsk);

	return err ? err : xsk_map_add(xsk, map);
}

int main(int argc, char **argv)
{
	struct reply_opts opts = { 0 };
	struct umem umem = { 0 };
	struct attach at = { 0 };
	struct xsk xsk = { 0 };
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	err = attach_open(&at, &opts.attach, "af_xdp_reply_kern.o", "xdp_reply_func");
	if (!err)
		err = umem_open(&umem, &opts.xsk.umem, 1);
	if (!err)
		err = xsk_open(&xsk, &umem, &opts.dev, 0, &opts.xsk);
	if (!err)
		err = attach_load(&at, &opts.dev, &opts.attach);
	if (err)
		goto close;
	err = start(&xsk, &at);
	if (!err) {
		attach_announce(&at);
		err = serve(&xsk);
	}
	if (attach_detach(&at) && !err)
		err = -EIO;
close:
	xsk_close(&xsk);
	umem_close(&umem);
	attach_close(&at);
	return attach_status(err);
}
