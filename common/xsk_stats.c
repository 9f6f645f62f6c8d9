// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A socket's counters, and where its frames are. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "xsk_stats.h"

int xsk_losses(const struct xsk *xsk, struct xdp_statistics *stats)
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

void xsk_count(const struct xsk *xsk, struct xsk_census *census)
{
	const unsigned int *owned = xsk->frames.owned;
	unsigned int received = waiting(&xsk->rx), sent = waiting(&xsk->comp);

	frames_check(&xsk->frames);
	/* To us they are the kernel's until we have read so; the kernel has
	 * already written it.
	 */
	*census = (struct xsk_census){
		.free = owned[FRAMES_FREE],
		.fill = owned[FRAMES_FILL] - received,
		.rx = owned[FRAMES_RX] + received,
		.tx = owned[FRAMES_TX] - sent,
		.completion = sent,
	};
}
