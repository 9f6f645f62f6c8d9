// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 06: an IPv4 header is as long as it says. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

/* Drop UDP to port 53 over IPv4. */
SEC("xdp")
int xdp_options_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	__u32 action = XDP_PASS;
	struct udphdr *udph;
	struct iphdr *iph;

	if ((void *)(eth + 1) > data_end)
		goto out;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		goto out;
	iph = (void *)(eth + 1);
	if ((void *)(iph + 1) > data_end || iph->protocol != IPPROTO_UDP)
		goto out;

	/* Assignment: there may be options between the two. */
	udph = (void *)(iph + 1);
	if ((void *)(udph + 1) > data_end)
		goto out;
	if (udph->dest == bpf_htons(53))
		action = XDP_DROP;
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
