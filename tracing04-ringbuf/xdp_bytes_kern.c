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

/* Put together elsewhere, copied into the ring: as long as it is. */
SEC("xdp")
int xdp_bytes_func(struct xdp_md *ctx)
{
	__u32 key = 0, bytes = bytes_wanted(ctx);
	__u64 seq = event_number();
	struct record *record;

	record = bpf_map_lookup_elem(&events_scratch, &key);
	if (!record)
		goto lost; /* cannot be: for the verifier */
	event_fill(&record->event, ctx, seq, bytes);
	if (bpf_xdp_load_bytes(ctx, 0, record->bytes, bytes_bounded(bytes, EVENT_BYTES_MAX)))
		goto lost;
	if (!bpf_ringbuf_output(&events_ring, record, sizeof(record->event) + bytes, 0))
		return XDP_PASS;
lost:
	event_lost();
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
