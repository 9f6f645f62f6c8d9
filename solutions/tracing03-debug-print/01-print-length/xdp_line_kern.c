// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 01: print length and EtherType of each packet. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int xdp_line_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;

	/* For the verifier, and for a packet without a whole header. */
	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	/* %x prints the number as this machine has it: so first from network byte order. */
	bpf_printk("xdp_line: %lu bytes, type %x", data_end - data, bpf_ntohs(eth->h_proto));
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
