// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 06: forward packets as the kernel's routing table says. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "forward_helpers.h"
#include "parsing_helpers.h"
#include "xdp_stats_kern.h"

/* Where packets may leave: interfaces, by their indexes. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 1024);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} tx_port SEC(".maps");

/* What the lookup is asked of an IPv4 packet. Returns 0, or -1: the packet passes. */
static __always_inline int ask_ipv4(struct iphdr *iph, void *data_end, struct bpf_fib_lookup *fib)
{
	if ((void *)(iph + 1) > data_end)
		return -1;
	fib->family = AF_INET;
	fib->tot_len = bpf_ntohs(iph->tot_len);
	fib->l4_protocol = iph->protocol;
	fib->ipv4_src = iph->saddr;
	fib->ipv4_dst = iph->daddr;
	return 0;
}

SEC("xdp")
int xdp_router_func(struct xdp_md *ctx)
{
	struct bpf_fib_lookup fib = { .ifindex = ctx->ingress_ifindex };
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 action = XDP_PASS;

	if ((void *)(eth + 1) > data_end)
		goto out;
	if (eth->h_proto != bpf_htons(ETH_P_IP) || ask_ipv4((void *)(eth + 1), data_end, &fib))
		goto out;
	/*
	 * Assignment: the packet leaves with the addresses of the next hop and one
	 * hop less, IPv6 as well, or it passes as it came.
	 */
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), 0) == BPF_FIB_LKUP_RET_SUCCESS)
		action = bpf_redirect_map(&tx_port, fib.ifindex, XDP_PASS);
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
