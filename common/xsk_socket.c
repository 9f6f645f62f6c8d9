// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The rings of one socket, in the order in which a frame goes through them. */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "log.h"
#include "xsk_socket.h"

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
		frames_give(&xsk->frames, packets[n].addr, FRAMES_RX);
}

/* Frames that have been sent come back, in any order: they are free. */
static void take_completions(struct xsk *xsk)
{
	unsigned int n, i;
	__u32 at;

	n = xsk_ring_cons__peek(&xsk->comp, xsk->comp.size, &at);
	for (i = 0; i < n; i++)
		frames_give(&xsk->frames, *xsk_ring_cons__comp_addr(&xsk->comp, at + i), FRAMES_TX);
	if (n)
		xsk_ring_cons__release(&xsk->comp, n);
}

/* All free frames but those to be kept go to the kernel, to receive into. */
static void fill(struct xsk *xsk)
{
	unsigned int n = xsk->frames.owned[FRAMES_FREE], i;
	__u32 at;

	if (n <= xsk->keep)
		return;
	n -= xsk->keep;
	if (!xsk_ring_prod__reserve(&xsk->fill, n, &at))
		return; /* cannot be: there is an entry for each frame */
	for (i = 0; i < n; i++)
		*xsk_ring_prod__fill_addr(&xsk->fill, at + i) = frames_take(&xsk->frames,
									    FRAMES_FILL);
	xsk_ring_prod__submit(&xsk->fill, n);
}

/* Frames in the TX ring that the kernel has not taken out of it. */
static unsigned int unsent(const struct xsk *xsk)
{
	return xsk->tx.cached_prod - __atomic_load_n(xsk->tx.consumer, __ATOMIC_ACQUIRE);
}

/* Errors that are over when memory, the device or its link are back. */
static bool may_pass(int error)
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
			else if (!may_pass(errno))
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
	    !may_pass(errno))
		return -errno;
	if (xsk_ring_prod__needs_wakeup(&xsk->fill))
		poll(&ask, 1, 0);
	return 0;
}

int xsk_work(struct xsk *xsk)
{
	int err = wake_sender(xsk);

	take_completions(xsk);
	fill(xsk);
	return err ? err : wake_receiver(xsk);
}
