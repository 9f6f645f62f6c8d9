// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 04: look behind one VLAN tag, and two. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

#define TAGS_MAX 2

/* A VLAN tag, as it follows the EtherType that announces it. */
struct vlan_hdr {
	__be16 h_vlan_TCI;
	__be16 h_vlan_encapsulated_proto;
};

/* Drop UDP over IPv4, behind up to two tags. */
SEC("xdp")
int xdp_tagged_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	__u32 action = XDP_PASS;
	struct vlan_hdr *tag;
	struct iphdr *iph;
	__be16 h_proto;
	void *pos;
	int i;

	if ((void *)(eth + 1) > data_end)
		goto out;
	h_proto = eth->h_proto;
	pos = eth + 1;

	for (i = 0; i < TAGS_MAX; i++) {
		if (h_proto != bpf_htons(ETH_P_8021Q) && h_proto != bpf_htons(ETH_P_8021AD))
			break;
		tag = pos;
		if ((void *)(tag + 1) > data_end)
			goto out;
		/* What would stand in the Ethernet header without the tag */
		h_proto = tag->h_vlan_encapsulated_proto;
		pos = tag + 1;
	}
	if (h_proto != bpf_htons(ETH_P_IP))
		goto out;
	iph = pos;
	if ((void *)(iph + 1) > data_end)
		goto out;
	if (iph->protocol == IPPROTO_UDP)
		action = XDP_DROP;
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
