// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 02: put a VLAN tag on. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "rewrite_helpers.h"

#define PUSH_ID 1 /* of the tag */

SEC("xdp")
int xdp_push_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct mac_pair macs;
	struct vlan_hdr *tag;

	if ((void *)(eth + 1) > data_end || proto_is_vlan(eth_proto(eth)))
		return XDP_PASS;

	macs = mac_pair_load(eth);
	/* Less than 0: the packet begins earlier. There may be no room. */
	if (bpf_xdp_adjust_head(ctx, -(int)sizeof(*tag)))
		return XDP_PASS;

	/* The packet begins elsewhere: its pointers are to be taken again. */
	data_end = (void *)(long)ctx->data_end;
	eth = (void *)(long)ctx->data;
	tag = (void *)(eth + 1);
	if ((void *)(tag + 1) > data_end)
		return XDP_ABORTED; /* cannot be: for the verifier */
	mac_pair_store(eth, macs);
	eth->h_proto = bpf_htons(ETH_P_8021Q);
	tag->h_vlan_TCI = bpf_htons(PUSH_ID); /* behind it is the type it had */
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
