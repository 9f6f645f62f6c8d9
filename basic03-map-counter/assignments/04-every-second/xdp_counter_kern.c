// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 04: drop every second packet of a CPU. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern_user.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct datarec);
	__uint(max_entries, XDP_ACTION_MAX);
} xdp_stats_map SEC(".maps");

static __always_inline int record_action(struct xdp_md *ctx, __u32 action)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	__u64 bytes = data_end - data;
	struct datarec *rec;

	rec = bpf_map_lookup_elem(&xdp_stats_map, &action);
	/* For the verifier, which does not know that the key is there. */
	if (!rec)
		return XDP_ABORTED;

	rec->rx_packets++;
	rec->rx_bytes += bytes;
	return action;
}

SEC("xdp")
int xdp_stats1_func(struct xdp_md *ctx)
{
	/* Assignment: of this CPU's packets the first one passes, the second does not, ... */
	return record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
