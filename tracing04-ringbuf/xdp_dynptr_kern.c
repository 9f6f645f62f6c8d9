// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Records of any length, made in their place in the ring buffer. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "events_fill_kern.h"
#include "xdp_events.h"

/* As in xdp_events_kern.c. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events_ring SEC(".maps");

/* The length of what bpf_dynptr_data() gives must be a constant. */
#define CHUNK 64

static __always_inline int copy_chunk(struct xdp_md *ctx, struct bpf_dynptr *place, __u32 at,
				      __u32 len)
{
	void *chunk = bpf_dynptr_data(place, sizeof(struct event) + at, CHUNK);

	return !chunk || bpf_xdp_load_bytes(ctx, at, chunk, len);
}

/* Have @bytes bytes of the packet in @place. */
static __always_inline int copy_bytes(struct xdp_md *ctx, struct bpf_dynptr *place, __u32 bytes)
{
	__u32 i;

	if (bytes < CHUNK)
		return copy_chunk(ctx, place, 0, bytes_bounded(bytes, CHUNK));
#pragma unroll
	for (i = 0; i < EVENT_BYTES_MAX / CHUNK; i++) {
		if ((i + 1) * CHUNK >= bytes)
			break;
		if (copy_chunk(ctx, place, i * CHUNK, CHUNK))
			return -1;
	}
	/* The last one ends where the packet does. */
	return copy_chunk(ctx, place, bytes - CHUNK, CHUNK);
}

/* Reserved as long as it is, and filled in its place. */
SEC("xdp")
int xdp_dynptr_func(struct xdp_md *ctx)
{
	__u32 bytes = bytes_wanted(ctx);
	__u32 room = bytes < CHUNK ? CHUNK : bytes;
	__u64 seq = event_number();
	struct bpf_dynptr place;
	struct event *event;

	/* Also one that there was no room for must be given back. */
	if (bpf_ringbuf_reserve_dynptr(&events_ring, sizeof(*event) + room, 0, &place))
		goto lost;
	event = bpf_dynptr_data(&place, 0, sizeof(*event));
	if (!event)
		goto lost;
	event_fill(event, ctx, seq, bytes);
	if (copy_bytes(ctx, &place, bytes))
		goto lost;
	bpf_ringbuf_submit_dynptr(&place, 0);
	return XDP_PASS;
lost:
	event_lost();
	bpf_ringbuf_discard_dynptr(&place, BPF_RB_NO_WAKEUP);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
