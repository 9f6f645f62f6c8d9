// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 01: send the frames of one kind back. */
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
	__u8 mac[ETH_ALEN] __attribute__((aligned(4)));

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (eth_proto(eth) != bpf_htons(KIND))
		return XDP_PASS;

	/* One of the two has to be kept: swap_src_dst_mac() does the same. */
	mac_copy(mac, eth->h_dest);
	mac_copy(eth->h_dest, eth->h_source);
	mac_copy(eth->h_source, mac);
	return XDP_TX;
}

char _license[] SEC("license") = "Dual BSD/GPL";
