// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Drop IPv6 and pass the rest: a place for what your program does. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Look at the Ethernet header, and at nothing behind it. */
SEC("xdp")
int xdp_stem_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 action = XDP_PASS;

	/* For the verifier: what is read lies inside of the packet. */
	if ((void *)(eth + 1) > data_end) {
		action = XDP_ABORTED;
		goto out;
	}
	if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		action = XDP_DROP;
out:
	/* The one way out: a verdict can be counted or printed here. */
	return action;
}

char _license[] SEC("license") = "Dual BSD/GPL";
