// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 03: lower destination ports, and keep the checksums right. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "parsing_helpers.h"

/* One less; of 0 that is 65535. */
static __always_inline __be16 port_below(__be16 port)
{
	return bpf_htons(bpf_ntohs(port) - 1);
}

SEC("xdp")
int xdp_ports_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct tcphdr *tcph;
	struct udphdr *udph;
	struct ethhdr *eth;
	struct iphdr *iph;
	int proto = -1;

	/* Assignment: IPv6, too. */
	if (parse_ethhdr(&nh, data_end, &eth) == bpf_htons(ETH_P_IP))
		proto = parse_iphdr(&nh, data_end, &iph);

	/* Assignment: the checksums of both. */
	if (proto == IPPROTO_UDP && parse_udphdr(&nh, data_end, &udph) >= 0)
		udph->dest = port_below(udph->dest);
	else if (proto == IPPROTO_TCP && parse_tcphdr(&nh, data_end, &tcph) >= 0)
		tcph->dest = port_below(tcph->dest);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
