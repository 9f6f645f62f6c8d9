// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 03: answer echo requests of IPv6 as well. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "echo_helpers.h"
#include "parsing_helpers.h"
#include "rewrite_helpers.h"

SEC("xdp")
int xdp_icmp6_reply_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct icmp6hdr *icmp6h;
	struct icmphdr *icmph;
	struct ipv6hdr *ip6h;
	struct ethhdr *eth;
	struct iphdr *iph;
	int type;

	type = parse_ethhdr(&nh, data_end, &eth);
	if (type < 0 || mac_is_group(eth))
		return XDP_PASS;
	switch (type) {
	case bpf_htons(ETH_P_IP):
		if (!echo_request_ipv4(&nh, data_end, &iph, &icmph))
			return XDP_PASS;
		swap_src_dst_ipv4(iph);
		icmph->type = ICMP_ECHOREPLY;
		csum_replace2(&icmph->checksum, bpf_htons(ICMP_ECHO << 8),
			      bpf_htons(ICMP_ECHOREPLY << 8));
		break;
	case bpf_htons(ETH_P_IPV6):
		if (!echo_request_ipv6(&nh, data_end, &ip6h, &icmp6h))
			return XDP_PASS;
		/* The checksum covers the addresses: their sum is the same swapped. */
		swap_src_dst_ipv6(ip6h);
		icmp6h->icmp6_type = ICMPV6_ECHO_REPLY;
		csum_replace2(&icmp6h->icmp6_cksum, bpf_htons(ICMPV6_ECHO_REQUEST << 8),
			      bpf_htons(ICMPV6_ECHO_REPLY << 8));
		break;
	default:
		return XDP_PASS;
	}
	swap_src_dst_mac(eth);
	return XDP_TX;
}

char _license[] SEC("license") = "Dual BSD/GPL";
