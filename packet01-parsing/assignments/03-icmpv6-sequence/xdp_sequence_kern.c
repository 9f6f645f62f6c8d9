// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 03: drop the even sequence numbers only. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "xdp_stats_kern.h"

/* Drop ICMPv6 echo requests. */
SEC("xdp")
int xdp_sequence_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct icmp6hdr *icmp6h;
	struct ipv6hdr *ip6h;
	__u32 action = XDP_PASS;
	struct ethhdr *eth;

	if (parse_ethhdr(&nh, data_end, &eth) != bpf_htons(ETH_P_IPV6))
		goto out;
	if (parse_ip6hdr(&nh, data_end, &ip6h) != IPPROTO_ICMPV6)
		goto out;
	if (parse_icmp6hdr(&nh, data_end, &icmp6h) != ICMPV6_ECHO_REQUEST)
		goto out;
	/* Assignment: only if the sequence number is even. */
	action = XDP_DROP;
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
