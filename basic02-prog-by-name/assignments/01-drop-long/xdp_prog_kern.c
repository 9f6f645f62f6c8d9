// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: a third program beside these two. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* On to the network stack. */
SEC("xdp")
int xdp_pass_func(struct xdp_md *ctx)
{
	return XDP_PASS;
}

/* Dropped in silence: what a filter does. */
SEC("xdp")
int xdp_drop_func(struct xdp_md *ctx)
{
	return XDP_DROP;
}

/* Assignment: xdp_long_func drops packets of more than 98 bytes, and passes the others. */

char _license[] SEC("license") = "Dual BSD/GPL";
