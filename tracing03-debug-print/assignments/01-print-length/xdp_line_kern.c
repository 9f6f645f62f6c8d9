// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: print length and EtherType of each packet. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int xdp_line_func(struct xdp_md *ctx)
{
	/* Assignment: "xdp_line: 98 bytes, type 86dd" */
	bpf_printk("xdp_line: a packet");
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
