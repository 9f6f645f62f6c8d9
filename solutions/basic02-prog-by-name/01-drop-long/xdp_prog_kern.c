// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 01: three programs in one object. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* The longest packet that passes, with its Ethernet header: an IPv4 ping. */
#define LENGTH_MAX 98

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

/* Only the short ones go on. */
SEC("xdp")
int xdp_long_func(struct xdp_md *ctx)
{
	/* A difference of two addresses is a mere number, which may be compared with any. */
	if (ctx->data_end - ctx->data > LENGTH_MAX)
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
