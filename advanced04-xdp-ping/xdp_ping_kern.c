// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The xsk engine: answers to our requests go to its sockets, the rest to the stack. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "match_kern.h"
#include "xdp_stats_kern.h"

/* Queue to socket. The command makes it as large as there are queues. */
struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} xsks_map SEC(".maps");

SEC("xdp")
int xdp_ping_func(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index, action = XDP_PASS;
	struct match match = {};
	struct ping_hit *hit;

	if (!match_packet(ctx, &match))
		goto out;
	hit = match_rule(&match);
	if (!hit || hit->action != PING_TAKE)
		goto out;
	/* An answer that came in on another queue is passed, and counted. */
	if (bpf_map_lookup_elem(&xsks_map, &queue))
		action = bpf_redirect_map(&xsks_map, queue, XDP_PASS);
	if (action != XDP_REDIRECT)
		__sync_fetch_and_add(&hit->packets, 1);
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
