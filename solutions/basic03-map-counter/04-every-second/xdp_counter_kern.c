// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 04: every second packet of a CPU is dropped. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern_user.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct datarec);
	__uint(max_entries, XDP_ACTION_MAX);
} xdp_stats_map SEC(".maps");

/* How many packets this CPU has had, whatever their verdict was. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} seen_map SEC(".maps");

static __always_inline int record_action(struct xdp_md *ctx, __u32 action)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	__u64 bytes = data_end - data;
	struct datarec *rec;

	rec = bpf_map_lookup_elem(&xdp_stats_map, &action);
	if (!rec)
		return XDP_ABORTED;

	rec->rx_packets++;
	rec->rx_bytes += bytes;
	return action;
}

SEC("xdp")
int xdp_stats1_func(struct xdp_md *ctx)
{
	__u32 key = 0, action = XDP_PASS;
	__u64 *seen = bpf_map_lookup_elem(&seen_map, &key);

	/* For the verifier: only a newer one knows that a constant key is there. */
	if (!seen)
		return record_action(ctx, XDP_ABORTED);

	/* No other CPU takes part, so reading and adding need not be one step. */
	*seen += 1;
	if (*seen % 2 == 0)
		action = XDP_DROP;
	return record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
