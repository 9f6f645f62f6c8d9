// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Count verdicts, and packets by EtherType, in maps that others can open. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_pinned.h"
#include "xdp_stats_kern.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, proto_key);
	__type(value, proto_value);
	__uint(max_entries, PROTO_MAX);
} xdp_proto_map SEC(".maps");

/* A hash has an element only after somebody has made it. */
static __always_inline void count_proto(proto_key proto)
{
	proto_value one = 1;
	proto_value *count;

	count = bpf_map_lookup_elem(&xdp_proto_map, &proto);
	/* Of two CPUs with the first packet NOEXIST lets one make it. */
	if (!count && bpf_map_update_elem(&xdp_proto_map, &proto, &one, BPF_NOEXIST))
		count = bpf_map_lookup_elem(&xdp_proto_map, &proto);
	if (count)
		__sync_fetch_and_add(count, 1);
}

SEC("xdp")
int xdp_pinned_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 action = XDP_PASS;

	/* For the verifier, and for a packet without a whole header. */
	if ((void *)(eth + 1) > data_end)
		action = XDP_ABORTED;
	else
		count_proto(bpf_ntohs(eth->h_proto));
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
