// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 05: the VLANs 10 to 19, whatever the priority. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

/* A VLAN tag, as it follows the EtherType that announces it. */
struct vlan_hdr {
	__be16 h_vlan_TCI; /* priority (3 bits), drop eligible (1), id (12) */
	__be16 h_vlan_encapsulated_proto;
};

#define VLAN_VID_MASK 0x0fff

/* Drop packets of the VLANs 10 to 19: the id of the outermost tag. */
SEC("xdp")
int xdp_range_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	__u32 action = XDP_PASS;
	struct vlan_hdr *tag;
	__u16 id;

	if ((void *)(eth + 1) > data_end)
		goto out;
	if (eth->h_proto != bpf_htons(ETH_P_8021Q) && eth->h_proto != bpf_htons(ETH_P_8021AD))
		goto out;
	tag = (void *)(eth + 1);
	if ((void *)(tag + 1) > data_end)
		goto out;

	/* For < and > the field is swapped; the upper four bits are no part of the id. */
	id = bpf_ntohs(tag->h_vlan_TCI) & VLAN_VID_MASK;
	if (id >= 10 && id <= 19)
		action = XDP_DROP;
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
