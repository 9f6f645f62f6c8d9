// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 03: lower destination ports, and keep the checksums right. */
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
	struct ipv6hdr *ip6h;
	struct tcphdr *tcph;
	struct udphdr *udph;
	struct ethhdr *eth;
	struct iphdr *iph;
	int proto = -1;
	__be16 port;

	switch (parse_ethhdr(&nh, data_end, &eth)) {
	case bpf_htons(ETH_P_IP):
		proto = parse_iphdr(&nh, data_end, &iph);
		break;
	case bpf_htons(ETH_P_IPV6):
		proto = parse_ip6hdr(&nh, data_end, &ip6h);
		break;
	}
	/* A later fragment is neither: the parsers return less than 0 for it. */
	if (proto == IPPROTO_UDP && parse_udphdr(&nh, data_end, &udph) >= 0) {
		port = udph->dest;
		udph->dest = port_below(port);
		/* 0 is no checksum, and a sum of 0 is written as 0xffff. */
		udp_csum_replace2(&udph->check, port, udph->dest);
	} else if (proto == IPPROTO_TCP && parse_tcphdr(&nh, data_end, &tcph) >= 0) {
		port = tcph->dest;
		tcph->dest = port_below(port);
		csum_replace2(&tcph->check, port, tcph->dest);
	}
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
