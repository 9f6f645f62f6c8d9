// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 04: everything goes to one receiver at one interface. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

#include "forward_helpers.h"
#include "xdp_stats_kern.h"

struct mac_addr {
	__u8 byte[ETH_ALEN];
};

/* The settings, which the loader writes before the program is loaded. */
const volatile __u32 redirect_ifindex; /* 0: none, packets pass */
const volatile struct mac_addr redirect_mac; /* of the receiver there */

SEC("xdp")
int xdp_redirect_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 action = XDP_PASS;
	int i;

	/* A frame for a group is not for the receiver alone. */
	if ((void *)(eth + 1) > data_end || mac_is_group(eth) || !redirect_ifindex)
		goto out;
	/* Byte by byte: without volatile, clang copies what it was compiled with. */
	for (i = 0; i < ETH_ALEN; i++)
		eth->h_dest[i] = redirect_mac.byte[i];
	action = bpf_redirect(redirect_ifindex, 0);
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
