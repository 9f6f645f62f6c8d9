// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 02: put a VLAN tag on. */
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

	if ((void *)(eth + 1) > data_end || proto_is_vlan(eth_proto(eth)))
		return XDP_PASS;

	/* Assignment: a tag of id PUSH_ID behind the addresses. */
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
