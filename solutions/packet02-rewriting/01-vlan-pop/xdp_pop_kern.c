// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 01: take the outermost VLAN tag off. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "rewrite_helpers.h"

SEC("xdp")
int xdp_pop_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct vlan_hdr *tag = (void *)(eth + 1);
	struct mac_pair macs;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	/* A tag that is not all there stays. */
	if (!proto_is_vlan(eth_proto(eth)) || (void *)(tag + 1) > data_end)
		return XDP_PASS;

	macs = mac_pair_load(eth);
	if (bpf_xdp_adjust_head(ctx, sizeof(*tag)))
		return XDP_PASS;

	/* The packet begins elsewhere: its pointers are to be taken again. */
	data_end = (void *)(long)ctx->data_end;
	eth = (void *)(long)ctx->data;
	if ((void *)(eth + 1) > data_end)
		return XDP_ABORTED; /* cannot be: for the verifier */
	mac_pair_store(eth, macs); /* the type from the tag is behind them */
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
