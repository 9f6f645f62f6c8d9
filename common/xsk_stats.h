/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What became of an AF_XDP socket's packets and frames: a part of xsk_socket,
 * to be asked by the thread that uses the socket. Taught in advanced03-AF_XDP.
 */
#ifndef COMMON_XSK_STATS_H
#define COMMON_XSK_STATS_H

#include <linux/if_xdp.h>

#include "xsk_socket.h"

/* Where the frames of a socket are; the sum is always how many it has. */
struct xsk_census {
	unsigned int free; /* ours, without a packet */
	unsigned int fill; /* the kernel's, to receive into */
	unsigned int rx; /* with a packet: in the RX ring, or ours */
	unsigned int tx; /* the kernel's, to send */
	unsigned int completion; /* sent, in the completion ring */
};

/*
 * The kernel's own counters of the socket (XDP_STATISTICS). A packet for it
 * that did not get in is in rx_dropped (too large, or, also counted in
 * rx_fill_ring_empty_descs, no frame to receive into) or in rx_ring_full. With
 * zero-copy that one counts how often the driver has looked in vain. What
 * an older kernel does not count is 0. Returns 0 or -errno.
 */
int xsk_losses(const struct xsk *xsk, struct xdp_statistics *stats);

/* Count the frames; a debug build aborts where they do not add up. */
void xsk_count(const struct xsk *xsk, struct xsk_census *census);

#endif /* COMMON_XSK_STATS_H */
