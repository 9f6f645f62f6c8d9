// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: echo requests go to the socket. This side is complete. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "echo_helpers.h"
#include "parsing_helpers.h"

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} xsks_map SEC(".maps");

/* What the stack needs, ARP and neighbour discovery above all, stays there. */
SEC("xdp")
int xdp_reply_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct icmp6hdr *icmp6h;
	struct icmphdr *icmph;
	struct ipv6hdr *ip6h;
	struct ethhdr *eth;
	struct iphdr *iph;
	int request = 0;

	switch (parse_ethhdr(&nh, data_end, &eth)) {
	case bpf_htons(ETH_P_IP):
		request = echo_request_ipv4(&nh, data_end, &iph, &icmph);
		break;
	case bpf_htons(ETH_P_IPV6):
		request = echo_request_ipv6(&nh, data_end, &ip6h, &icmp6h);
		break;
	}
	return request ? bpf_redirect_map(&xsks_map, ctx->rx_queue_index, XDP_PASS) : XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
