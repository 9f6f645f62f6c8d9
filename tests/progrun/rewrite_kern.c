/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Every function of rewrite_helpers.h, and ip_decrease_ttl, on a packet. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "parsing_helpers.h"
#include "rewrite_helpers.h"
#include "rewritten.h"

struct rewrite_test test;

static __always_inline struct ethhdr *start_of(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	return (void *)(eth + 1) > data_end ? NULL : eth;
}

SEC("xdp")
int pop_func(struct xdp_md *ctx)
{
	struct ethhdr *eth = start_of(ctx);

	if (!eth)
		return XDP_ABORTED;
	test.result = vlan_tag_pop(ctx, eth);
	return XDP_PASS;
}

SEC("xdp")
int push_func(struct xdp_md *ctx)
{
	struct ethhdr *eth = start_of(ctx);

	if (!eth)
		return XDP_ABORTED;
	test.result = vlan_tag_push(ctx, eth, test.vlid);
	return XDP_PASS;
}

/* There and back again: the packet is as before. */
SEC("xdp")
int push_pop_func(struct xdp_md *ctx)
{
	struct ethhdr *eth = start_of(ctx);

	if (!eth)
		return XDP_ABORTED;
	test.result = vlan_tag_push(ctx, eth, test.vlid);
	eth = start_of(ctx);
	if (test.result || !eth)
		return XDP_ABORTED;
	test.result = vlan_tag_pop(ctx, eth);
	return XDP_PASS;
}

/* Tags until there is no room left. */
SEC("xdp")
int fill_func(struct xdp_md *ctx)
{
	struct ethhdr *eth;
	int i;

	test.pushed = 0;
	for (i = 0; i < 100; i++) {
		eth = start_of(ctx);
		if (!eth)
			return XDP_ABORTED;
		test.result = vlan_tag_push(ctx, eth, test.vlid);
		if (test.result)
			break;
		test.pushed++;
	}
	return XDP_PASS;
}

SEC("xdp")
int swap_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct ipv6hdr *ip6h;
	struct ethhdr *eth;
	struct iphdr *iph;
	int proto = parse_ethhdr(&nh, data_end, &eth);

	if (proto < 0)
		return XDP_ABORTED;
	swap_src_dst_mac(eth);
	if (proto == bpf_htons(ETH_P_IP) && parse_iphdr(&nh, data_end, &iph) != PARSE_BROKEN)
		swap_src_dst_ipv4(iph);
	if (proto == bpf_htons(ETH_P_IPV6) && parse_ip6hdr(&nh, data_end, &ip6h) != PARSE_BROKEN)
		swap_src_dst_ipv6(ip6h);
	return XDP_TX;
}

SEC("xdp")
int ttl_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct ethhdr *eth;
	struct iphdr *iph;

	if (parse_ethhdr(&nh, data_end, &eth) != bpf_htons(ETH_P_IP) ||
	    parse_iphdr(&nh, data_end, &iph) == PARSE_BROKEN)
		return XDP_ABORTED;
	test.result = ip_decrease_ttl(iph);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
