// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Packets that leave the program otherwise than they came: ports, VLAN tags. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "parsing_helpers.h"
#include "rewrite_helpers.h"
#include "xdp_stats_kern.h"

#define PUSH_ID 1 /* of the tag that a frame without one gets */

/* One less; of 0 that is 65535. */
static __always_inline __be16 port_below(__be16 port)
{
	return bpf_htons(bpf_ntohs(port) - 1);
}

/* Lower the destination port of UDP and TCP by one. */
SEC("xdp")
int xdp_patch_ports_func(struct xdp_md *ctx)
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
	if (proto == IPPROTO_UDP && parse_udphdr(&nh, data_end, &udph) >= 0) {
		port = udph->dest;
		udph->dest = port_below(port);
		udp_csum_replace2(&udph->check, port, udph->dest);
	} else if (proto == IPPROTO_TCP && parse_tcphdr(&nh, data_end, &tcph) >= 0) {
		port = tcph->dest;
		tcph->dest = port_below(port);
		csum_replace2(&tcph->check, port, tcph->dest);
	}
	return xdp_stats_record_action(ctx, XDP_PASS);
}

/* Take the outermost tag off, or put one on where there is none. */
SEC("xdp")
int xdp_vlan_swap_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > data_end)
		goto out;
	/* Where they fail the packet is as it was: on with it. */
	if (proto_is_vlan(eth_proto(eth)))
		vlan_tag_pop(ctx, eth);
	else
		vlan_tag_push(ctx, eth, PUSH_ID);
	/* eth points to what may not be the packet any more. */
out:
	return xdp_stats_record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
