// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: take the outermost VLAN tag off. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "rewrite_helpers.h"

SEC("xdp")
int xdp_pop_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;

	/* Assignment: only frames with a tag, and without the loss of the addresses. */
	bpf_xdp_adjust_head(ctx, sizeof(struct vlan_hdr));
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
