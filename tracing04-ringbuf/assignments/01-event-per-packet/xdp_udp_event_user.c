// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: the reader, a line for each event. This side is complete. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "attach.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "signals.h"
#include "xdp_udp_event.h"

#define WAIT_MS 100

struct event_opts {
	struct netif dev;
	struct attach_opts attach;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct event_opts, dev),
	OPTIONS_MODE(struct event_opts, attach),
	OPTIONS_END,
};

static const struct option_spec spec = {
	.purpose = "Print a line for each UDP packet of an interface, until a signal.",
	.options = options,
};

/* libbpf's callback for a record of the ring. */
static int print_event(void *ctx, void *data, size_t size)
{
	const struct udp_event *event = data;

	(void)ctx;
	if (size == sizeof(*event))
		printf("IPv%u, port %u, %u bytes\n", event->version, event->port, event->len);
	return 0;
}

/* Until a signal comes, or the interface or our program is gone. */
static int read_events(struct attach *at, struct ring_buffer *ring)
{
	int n, err = 0;

	while (!err && !signals_pending()) {
		n = ring_buffer__poll(ring, WAIT_MS);
		err = n < 0 && n != -EINTR ? n : output_flush();
		if (!err && !n)
			err = attach_check(at);
	}
	return err;
}

int main(int argc, char **argv)
{
	struct event_opts opts = { 0 };
	struct ring_buffer *ring = NULL;
	struct attach at = { 0 };
	int err, map;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	err = attach_open(&at, &opts.attach, "xdp_udp_event_kern.o", "xdp_udp_event_func");
	if (!err)
		err = attach_load(&at, &opts.dev, &opts.attach);
	if (err)
		goto close;
	map = maps_find(at.obj, "events");
	if (map >= 0)
		ring = ring_buffer__new(map, print_event, NULL, NULL);
	err = ring ? 0 : -ENOEXEC;
	if (!err) {
		attach_announce(&at);
		err = read_events(&at, ring);
	}
	if (attach_detach(&at) && !err)
		err = -EIO;
	ring_buffer__free(ring);
close:
	attach_close(&at);
	return attach_status(err);
}
