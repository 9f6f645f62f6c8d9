// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Records of any length: an event, and behind it the bytes of its packet. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "events_fill_kern.h"
#include "xdp_events.h"

/* As in xdp_events_kern.c. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events_ring SEC(".maps");

struct record {
	struct event event;
	__u8 bytes[EVENT_BYTES_MAX];
};

/* Room to put a record together: it is too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct record);
} events_scratch SEC(".maps");

/* A setting: so many bytes of a packet go with its event. */
const volatile __u32 packet_bytes;

static __always_inline __u32 bytes_wanted(const struct xdp_md *ctx)
{
	__u32 bytes = packet_len(ctx);

	if (bytes > packet_bytes)
		bytes = packet_bytes;
	return bytes < EVENT_BYTES_MAX ? bytes : EVENT_BYTES_MAX;
}

/* Put together elsewhere, copied into the ring: as long as it is. */
SEC("xdp")
int xdp_bytes_func(struct xdp_md *ctx)
{
	__u32 key = 0, bytes = bytes_wanted(ctx);
	__u64 seq = event_number();
	struct record *record;

	record = bpf_map_lookup_elem(&events_scratch, &key);
	if (!record)
		return XDP_ABORTED; /* cannot be: for the verifier */
	event_fill(&record->event, ctx, seq, bytes);
	if ((bytes && bpf_xdp_load_bytes(ctx, 0, record->bytes, bytes)) ||
	    bpf_ringbuf_output(&events_ring, record,
			       sizeof(record->event) + bytes, 0))
		event_lost();
	return XDP_PASS;
}

/* The length of what bpf_dynptr_data() gives must be a constant. */
#define CHUNK 64

/* Have @bytes bytes of the packet in @place, from CHUNK to CHUNK. */
static __always_inline int copy_chunks(struct xdp_md *ctx,
				       struct bpf_dynptr *place, __u32 bytes)
{
	__u32 i, at, len = bytes < CHUNK ? bytes : CHUNK;
	void *chunk;

	if (!len)
		return 0;
	barrier_var(len); /* for the verifier: the one that was looked at */
	for (i = 0; i < EVENT_BYTES_MAX / CHUNK && i * CHUNK < bytes; i++) {
		/* The last one ends where the packet does. */
		at = i * CHUNK + CHUNK < bytes ? i * CHUNK : bytes - len;
		chunk = bpf_dynptr_data(place, sizeof(struct event) + at,
					CHUNK);
		if (!chunk || bpf_xdp_load_bytes(ctx, at, chunk, len))
			return -1;
	}
	return 0;
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
	if (bpf_ringbuf_reserve_dynptr(&events_ring, sizeof(*event) + room, 0,
				       &place))
		goto lost;
	event = bpf_dynptr_data(&place, 0, sizeof(*event));
	if (!event || copy_chunks(ctx, &place, bytes))
		goto lost;
	event_fill(event, ctx, seq, bytes);
	bpf_ringbuf_submit_dynptr(&place, 0);
	return XDP_PASS;
lost:
	event_lost();
	bpf_ringbuf_discard_dynptr(&place, BPF_RB_NO_WAKEUP);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
