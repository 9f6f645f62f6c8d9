// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* An event for each packet: through a perf buffer, or through a ring buffer. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "events_fill_kern.h"
#include "xdp_events.h"

/* A buffer for each CPU; the loader opens them and puts them in here. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events_perf SEC(".maps");

/* One buffer for all CPUs. Its size in bytes: pages, a power of 2. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events_ring SEC(".maps");

/* A setting: with so many bytes in the ring its reader is woken. 0: the kernel
 * decides.
 */
const volatile __u32 wake_bytes;

static __always_inline __u64 wake_flags(__u32 own)
{
	if (!wake_bytes)
		return 0;
	if (bpf_ringbuf_query(&events_ring, BPF_RB_AVAIL_DATA) + own < wake_bytes)
		return BPF_RB_NO_WAKEUP;
	return BPF_RB_FORCE_WAKEUP;
}

SEC("xdp")
int xdp_perf_func(struct xdp_md *ctx)
{
	__u64 bytes = bytes_wanted(ctx);
	struct event event;

	event_fill(&event, ctx, event_number(), bytes);
	/* The upper half of the flags: so many bytes of the packet as well. */
	if (bpf_perf_event_output(ctx, &events_perf, BPF_F_CURRENT_CPU | bytes << 32, &event,
				  sizeof(event)))
		event_lost();
	return XDP_PASS;
}

/* Made here, copied into the ring. */
SEC("xdp")
int xdp_output_func(struct xdp_md *ctx)
{
	struct event event;

	event_fill(&event, ctx, event_number(), 0);
	if (bpf_ringbuf_output(&events_ring, &event, sizeof(event), wake_flags(sizeof(event))))
		event_lost();
	return XDP_PASS;
}

/* Made in its place in the ring. */
SEC("xdp")
int xdp_reserve_func(struct xdp_md *ctx)
{
	__u64 seq = event_number();
	struct event *event;

	event = bpf_ringbuf_reserve(&events_ring, sizeof(*event), 0);
	if (!event) {
		event_lost();
		return XDP_PASS;
	}
	event_fill(event, ctx, seq, 0);
	bpf_ringbuf_submit(event, wake_flags(0));
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
