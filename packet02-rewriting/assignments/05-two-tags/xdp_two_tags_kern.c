// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 05: two tags at once. */
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

	if ((void *)(eth + 1) > data_end || proto_is_vlan(eth_proto(eth)))
		return XDP_PASS;

	/* Assignment: both tags, with one call of bpf_xdp_adjust_head(). */
	vlan_tag_push(ctx, eth, INNER_ID);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
