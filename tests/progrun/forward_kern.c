/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Every function of forward_helpers.h and echo_helpers.h on a packet. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "echo_helpers.h"
#include "forward_helpers.h"
#include "forwarded.h"
#include "parsing_helpers.h"

struct forward_test test;

/* What is said of the destination; its MAC address becomes the source's. */
SEC("xdp")
int address_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct ipv6hdr *ip6h = (void *)(eth + 1);
	struct iphdr *iph = (void *)(eth + 1);

	if ((void *)(ip6h + 1) > data_end)
		return XDP_ABORTED;
	test.group = mac_is_group(eth);
	if (eth_proto(eth) == bpf_htons(ETH_P_IP)) {
		test.special = ip_addr_is_special(iph->daddr);
		test.link_local = ip_addr_is_link_local(iph->daddr);
	} else {
		test.special = ip6_addr_is_special(&ip6h->daddr);
		test.link_local = ip6_addr_is_link_local(&ip6h->daddr);
	}
	mac_copy(eth->h_dest, eth->h_source);
	return XDP_PASS;
}

SEC("xdp")
int echo_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct ethhdr *eth;
	int proto = parse_ethhdr(&nh, data_end, &eth);

	test.answered = 0;
	if (proto == bpf_htons(ETH_P_IP))
		test.answered = echo_ipv4(&nh, data_end);
	if (proto == bpf_htons(ETH_P_IPV6))
		test.answered = echo_ipv6(&nh, data_end);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
