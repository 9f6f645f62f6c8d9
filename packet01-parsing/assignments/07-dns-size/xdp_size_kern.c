// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 07: the size of the data, not of the frame. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "xdp_stats_kern.h"

#define DATA_MAX 512

/* Drop UDP to port 53 with more than DATA_MAX bytes of data. */
SEC("xdp")
int xdp_size_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct hdr_cursor nh = { .pos = data };
	__u32 action = XDP_PASS;
	struct ipv6hdr *ip6h;
	struct udphdr *udph;
	struct ethhdr *eth;
	struct iphdr *iph;
	int proto;
	__u64 size;

	proto = parse_ethhdr(&nh, data_end, &eth);
	if (proto == bpf_htons(ETH_P_IP))
		proto = parse_iphdr(&nh, data_end, &iph);
	else if (proto == bpf_htons(ETH_P_IPV6))
		proto = parse_ip6hdr(&nh, data_end, &ip6h);
	else
		goto out;
	if (proto != IPPROTO_UDP)
		goto out;
	if (parse_udphdr(&nh, data_end, &udph) < 0 || udph->dest != bpf_htons(53))
		goto out;

	/* Assignment: the bytes of data behind the UDP header. */
	size = data_end - data;
	if (size > DATA_MAX)
		action = XDP_DROP;
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
