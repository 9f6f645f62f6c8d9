// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 04: one hop less, for IPv4 and IPv6. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "parsing_helpers.h"

SEC("xdp")
int xdp_ttl_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct ethhdr *eth;
	struct iphdr *iph;

	/* Assignment: the checksum; what has no hop left; IPv6; fragments. */
	if (parse_ethhdr(&nh, data_end, &eth) == bpf_htons(ETH_P_IP) &&
	    parse_iphdr(&nh, data_end, &iph) >= 0)
		iph->ttl--;
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
