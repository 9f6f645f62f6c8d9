// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs to be run over packets of a file: every verdict, and a rewrite. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
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

/*
 * The IPv4 header of the packet. Returns its protocol, less than 0 when it is
 * broken or a later fragment; NULL in *@iph when it is not IPv4 at all.
 */
static __always_inline int find_ipv4(struct xdp_md *ctx, struct iphdr **iph)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct ethhdr *eth;

	*iph = NULL;
	if (parse_ethhdr(&nh, data_end, &eth) != bpf_htons(ETH_P_IP))
		return PARSE_BROKEN;
	*iph = nh.pos;
	return parse_iphdr(&nh, data_end, iph);
}

/* A verdict for each protocol; what is not IPv4 passes. */
SEC("xdp")
int xdp_verdict_func(struct xdp_md *ctx)
{
	__u32 action = XDP_PASS;
	struct iphdr *iph;
	int protocol = find_ipv4(ctx, &iph);

	if (!iph)
		goto out;
	if (protocol >= 0)
		count_protocol(protocol);
	if (protocol == PARSE_BROKEN)
		action = XDP_ABORTED;
	else if (protocol == IPPROTO_UDP)
		action = XDP_DROP;
	else if (protocol == IPPROTO_ICMP)
		action = XDP_TX;
	else if (protocol == IPPROTO_TCP)
		action = bpf_redirect(ctx->ingress_ifindex, 0);
out:
	return xdp_stats_record_action(ctx, action);
}

/* What a router does first: one hop less to go, or the end of the way. */
SEC("xdp")
int xdp_hop_func(struct xdp_md *ctx)
{
	__u32 action = XDP_PASS;
	struct iphdr *iph;

	if (find_ipv4(ctx, &iph) == PARSE_BROKEN)
		goto out;
	if (ip_decrease_ttl(iph) == 0)
		action = XDP_DROP;
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
