// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: send the frames of one kind back. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "forward_helpers.h"
#include "parsing_helpers.h"

#define KIND 0x88b5 /* the EtherType for local experiments */

SEC("xdp")
int xdp_reflect_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;

	/* Assignment: frames of that kind go back to their sender. */
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
