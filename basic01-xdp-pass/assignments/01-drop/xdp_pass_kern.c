// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: drop every packet. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int xdp_prog_simple(struct xdp_md *ctx)
{
	/* Assignment: no packet goes on to the network stack. */
	return XDP_PASS;
}

/* The kernel refuses many helpers to programs without a GPL license. */
char _license[] SEC("license") = "Dual BSD/GPL";
