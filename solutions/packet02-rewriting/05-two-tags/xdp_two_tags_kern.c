// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 05: two tags at once. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "rewrite_helpers.h"

#define OUTER_ID 1 /* 802.1ad, the provider's */
#define INNER_ID 2 /* 802.1Q, the customer's */

SEC("xdp")
int xdp_two_tags_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct vlan_hdr *tag;
	struct mac_pair macs;

	if ((void *)(eth + 1) > data_end || proto_is_vlan(eth_proto(eth)))
		return XDP_PASS;

	macs = mac_pair_load(eth);
	if (bpf_xdp_adjust_head(ctx, -2 * (int)sizeof(*tag)))
		return XDP_PASS; /* no room */

	/* The packet begins elsewhere: its pointers are to be taken again. */
	data_end = (void *)(long)ctx->data_end;
	eth = (void *)(long)ctx->data;
	tag = (void *)(eth + 1);
	if ((void *)(tag + 2) > data_end)
		return XDP_ABORTED; /* cannot be: for the verifier */
	mac_pair_store(eth, macs);
	/* Each tag is announced by the type in front of it. */
	eth->h_proto = bpf_htons(ETH_P_8021AD);
	tag[0].h_vlan_TCI = bpf_htons(OUTER_ID);
	tag[0].h_vlan_encapsulated_proto = bpf_htons(ETH_P_8021Q);
	tag[1].h_vlan_TCI = bpf_htons(INNER_ID); /* behind it is the type it had */
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
