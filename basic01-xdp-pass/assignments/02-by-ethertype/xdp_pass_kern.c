// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 02: drop IPv6, and pass the rest. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int xdp_prog_simple(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	/* For the verifier, which accepts no read behind the end (more in packet01). */
	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;

	/* Assignment: eth->h_proto is the EtherType; IPv6 is dropped. */
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
