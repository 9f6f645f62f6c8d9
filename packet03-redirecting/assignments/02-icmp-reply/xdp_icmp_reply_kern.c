// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 02: answer echo requests of IPv4. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "echo_helpers.h"
#include "parsing_helpers.h"
#include "rewrite_helpers.h"

SEC("xdp")
int xdp_icmp_reply_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct icmphdr *icmph;
	struct ethhdr *eth;
	struct iphdr *iph;

	if (parse_ethhdr(&nh, data_end, &eth) != bpf_htons(ETH_P_IP) || mac_is_group(eth) ||
	    !echo_request_ipv4(&nh, data_end, &iph, &icmph))
		return XDP_PASS;

	/* Assignment: what else makes an answer of the request? */
	swap_src_dst_mac(eth);
	icmph->type = ICMP_ECHOREPLY;
	return XDP_TX;
}

char _license[] SEC("license") = "Dual BSD/GPL";
