/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * One AF_XDP socket: bound to one receive queue of an interface, with four
 * rings. All of a socket is used by one thread, which goes round like this:
 *
 *	struct xdp_desc packets[XSK_BATCH];
 *
 *	n = xsk_receive(xsk, packets, XSK_BATCH);
 *	... look at umem_data(xsk->umem, packets[i].addr), packets[i].len ...
 *	xsk_send(xsk, packets, n);	or xsk_drop(xsk, packets, n);
 *	err = xsk_service(xsk);
 *
 * Every ring has an entry for every frame, so none is ever full: what was
 * received can be sent. Where all frames are on their way, the kernel finds the
 * fill ring empty, and drops and counts what comes in (xsk_kernel_stats()).
 *
 * A program has to put packets into the socket, by way of an XSKMAP in which
 * xsk_map_add() enters it. Taught in advanced03-AF_XDP.
 */
#ifndef COMMON_XSK_H
#define COMMON_XSK_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/if_xdp.h>
#include <xdp/xsk.h>

#include "afxdp/frames.h"
#include "afxdp/umem.h"
#include "cpus.h"
#include "netif.h"
#include "options.h"

#define XSK_BATCH 64 /* packets: enough to spread the cost of a round */

/* How a socket is to be bound. Zeros are the defaults. */
struct xsk_opts {
	const char *queues; /* a list like 0,2-3; NULL: all there are */
	bool copy; /* the kernel copies packets */
	bool zero_copy; /* the driver uses our frames, or it is an error */
	bool poll; /* sleep in poll(2) while nothing comes */
	bool busy_poll; /* let the driver run only when we ask it to */
	unsigned int budget; /* packets it may work on then; 0: XSK_BATCH */
	unsigned int keep; /* frames that are never put into the fill ring */
	struct umem_opts umem;
};

/* clang-format off */
/* -Q -c -z -p and more: @m is a struct xsk_opts in struct @s. */
#define OPTIONS_XSK(s, m) \
	OPTION("queue", 'Q', "LIST", OPTION_STRING, s, m.queues, \
	       "receive queues to use, e.g. 0,2-3 (default: all)"), \
	OPTION("copy", 'c', NULL, OPTION_FLAG, s, m.copy, \
	       "copy mode: the kernel copies packets, with any driver"), \
	OPTION("zero-copy", 'z', NULL, OPTION_FLAG, s, m.zero_copy, \
	       "zero-copy mode, or fail (default: if the driver has it)"), \
	OPTION("poll-mode", 'p', NULL, OPTION_FLAG, s, m.poll, \
	       "sleep in poll(2) until packets come, instead of spinning"), \
	OPTION("busy-poll", 0, NULL, OPTION_FLAG, s, m.busy_poll, \
	       "run the driver in this command's own calls, not at interrupts"), \
	OPTION_RANGE("budget", 0, "N", OPTION_UINT, s, m.budget, 1, 65535, \
		     "with --busy-poll: packets the driver handles in one call (default 64)"), \
	OPTION_RANGE("frames", 0, "N", OPTION_UINT, s, m.umem.frames, \
		     UMEM_FRAMES_MIN, UMEM_FRAMES_MAX, \
		     "number of frames for each queue (default 4096)"), \
	OPTION_RANGE("frame-size", 0, "BYTES", OPTION_UINT, s, \
		     m.umem.frame_size, UMEM_FRAME_SIZE_MIN, UMEM_FRAME_SIZE, \
		     "size of a frame, 2048 or 4096 (default 4096)"), \
	OPTION_RANGE("headroom", 0, "BYTES", OPTION_UINT, s, m.umem.headroom, \
		     0, UMEM_FRAME_SIZE / 2, \
		     "bytes to leave free before each packet (default 0)")
/* clang-format on */

/*
 * Check @opts against @mode, in which the program is to be attached (enum
 * xdp_attach_mode), and @dev; generic XDP copies. Store the queues to use in
 * *@queues (a list as of CPUs). Returns 0 or, after one error line, -EINVAL; or
 * another -errno when the interface cannot be asked.
 */
int xsk_choose(struct xsk_opts *opts, int mode, const struct netif *dev, struct cpus *queues);

/* A cache line of its own: the next one is used by another thread. */
struct xsk {
	struct xsk_ring_cons rx, comp;
	struct xsk_ring_prod tx, fill;
	struct frames frames;
	struct umem *umem;
	struct xsk_socket *socket; /* libxdp's; NULL: not open */
	int fd;
	unsigned int queue;
	unsigned int keep;
	bool zero_copy; /* what it got */
	bool busy_poll;
	uint64_t tx_dropped; /* frames that the device did not take */
} __attribute__((aligned(64)));

/*
 * Bind a socket to queue @queue of @dev; the first one on @umem registers it.
 * A queue that was freed a moment ago is waited for. Returns 0; or after one
 * error line -EINVAL for a queue that is not there, -EBUSY for one that another
 * socket has, -EOPNOTSUPP where the driver has no zero-copy, PROBE_UNSUPPORTED
 * where the kernel lacks something, or another -errno. To be closed with
 * xsk_close(), before @umem, also when it was only zeroed.
 */
int xsk_open(struct xsk *xsk, struct umem *umem, const struct netif *dev, unsigned int queue,
	     const struct xsk_opts *opts);
void xsk_close(struct xsk *xsk);

/* Enter it in the XSKMAP behind @map_fd, under its queue. 0, or -errno after
 * one error line.
 */
int xsk_map_add(struct xsk *xsk, int map_fd);

/*
 * Take up to @max packets that were received into @packets; they are ours until
 * they are sent or dropped. Returns how many.
 */
unsigned int xsk_receive(struct xsk *xsk, struct xdp_desc *packets, unsigned int max);

/*
 * Give @n packets of ours to the kernel, to be sent with the next xsk_service();
 * their frames come back by themselves, in another order. This cannot fail.
 */
void xsk_send(struct xsk *xsk, const struct xdp_desc *packets, unsigned int n);

/* Have done with @n packets of ours. */
void xsk_drop(struct xsk *xsk, const struct xdp_desc *packets, unsigned int n);

/*
 * Take back what was sent, give the kernel frames to receive into, and wake it
 * where it wants that. Returns 0, or -errno when the socket is dead: -ENXIO
 * when its interface is gone. While that is down, what is to be sent waits.
 */
int xsk_service(struct xsk *xsk);

/*
 * Sleep until a packet has come, @ms milliseconds have passed or @fd (-1: none)
 * can be read; with packets left to send it does not sleep long.
 */
void xsk_wait(struct xsk *xsk, int fd, int ms);

/* What became of the packets and frames, to be asked by the thread that uses the socket. */

/* Where the frames of a socket are; the sum is always how many it has. */
struct xsk_frame_counts {
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
int xsk_kernel_stats(const struct xsk *xsk, struct xdp_statistics *stats);

/* Count the frames; a debug build aborts where they do not add up. */
void xsk_count(const struct xsk *xsk, struct xsk_frame_counts *counts);

#endif /* COMMON_XSK_H */
