// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Verdicts that need a look into the packet: at tags, at an ICMP header. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "xdp_stats_kern.h"

/* Drop whatever has a VLAN tag. The bounds check stands here in full. */
SEC("xdp")
int xdp_vlan_01(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	__u32 action = XDP_PASS;

	/* A packet that ends within the header is left to the stack. */
	if ((void *)(eth + 1) > data_end)
		goto out;
	if (eth->h_proto == bpf_htons(ETH_P_8021Q) || eth->h_proto == bpf_htons(ETH_P_8021AD))
		action = XDP_DROP;
out:
	return xdp_stats_record_action(ctx, action);
}

/* Abort where the second tag has the id 42. */
SEC("xdp")
int xdp_vlan_02(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct collect_vlans vlans;
	__u32 action = XDP_PASS;
	struct ethhdr *eth;

	/* Tags that were found before a packet broke off count, too. */
	parse_ethhdr_vlan(&nh, data_end, &eth, &vlans);
	if (vlans.id[1] == 42)
		action = XDP_ABORTED;
	return xdp_stats_record_action(ctx, action);
}

/* Drop echo requests, ICMP or ICMPv6, whose sequence number is even. */
SEC("xdp")
int xdp_packet_parser_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct icmp6hdr *icmp6h;
	struct icmphdr *icmph;
	struct ipv6hdr *ip6h;
	__u32 action = XDP_PASS;
	struct ethhdr *eth;
	struct iphdr *iph;
	__be16 sequence;
	int h_proto;

	h_proto = parse_ethhdr(&nh, data_end, &eth);
	if (h_proto == bpf_htons(ETH_P_IP)) {
		if (parse_iphdr(&nh, data_end, &iph) != IPPROTO_ICMP ||
		    parse_icmphdr(&nh, data_end, &icmph) != ICMP_ECHO)
			goto out;
		sequence = icmph->un.echo.sequence;
	} else if (h_proto == bpf_htons(ETH_P_IPV6)) {
		if (parse_ip6hdr(&nh, data_end, &ip6h) != IPPROTO_ICMPV6 ||
		    parse_icmp6hdr(&nh, data_end, &icmp6h) != ICMPV6_ECHO_REQUEST)
			goto out;
		sequence = icmp6h->icmp6_sequence;
	} else {
		goto out;
	}
	if (bpf_ntohs(sequence) % 2 == 0)
		action = XDP_DROP;
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
