// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 02: count the packets of each protocol, what is not IPv4 as well. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "xdp_stats_kern.h"

/* Packets of each IPv4 protocol. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 256);
} protocol_map SEC(".maps");

static __always_inline void count_protocol(__u32 protocol)
{
	const __u64 one = 1;
	__u64 *count = bpf_map_lookup_elem(&protocol_map, &protocol);

	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&protocol_map, &protocol, &one, BPF_ANY);
}

SEC("xdp")
int xdp_protocol_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct ethhdr *eth;
	struct iphdr *iph;
	int protocol;

	/* Assignment: count what has another EtherType as well. */
	if (parse_ethhdr(&nh, data_end, &eth) != bpf_htons(ETH_P_IP))
		goto out;
	protocol = parse_iphdr(&nh, data_end, &iph);
	if (protocol >= 0)
		count_protocol(protocol);
out:
	return xdp_stats_record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
