// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 02: answer echo requests of IPv4. */
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

	swap_src_dst_mac(eth);
	/* The sum of the IPv4 header is the same with its addresses swapped. */
	swap_src_dst_ipv4(iph);
	icmph->type = ICMP_ECHOREPLY;
	/* The type is the upper byte of the first word; the code, 0, is the other. */
	csum_replace2(&icmph->checksum, bpf_htons(ICMP_ECHO << 8), bpf_htons(ICMP_ECHOREPLY << 8));
	return XDP_TX;
}

char _license[] SEC("license") = "Dual BSD/GPL";
