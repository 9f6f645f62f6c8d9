// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 06: packets forwarded as the kernel's routing table says. */
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
	/* With one hop the packet ends here: the stack informs the sender. */
	if ((void *)(iph + 1) > data_end || iph->ttl <= 1)
		return -1;
	fib->family = AF_INET;
	fib->tot_len = bpf_ntohs(iph->tot_len);
	fib->l4_protocol = iph->protocol;
	fib->ipv4_src = iph->saddr;
	fib->ipv4_dst = iph->daddr;
	return 0;
}

/* The same of IPv6. */
static __always_inline int ask_ipv6(struct ipv6hdr *ip6h, void *data_end,
				    struct bpf_fib_lookup *fib)
{
	if ((void *)(ip6h + 1) > data_end || ip6h->hop_limit <= 1)
		return -1;
	fib->family = AF_INET6;
	fib->tot_len = sizeof(*ip6h) + bpf_ntohs(ip6h->payload_len);
	fib->l4_protocol = ip6h->nexthdr;
	*(struct in6_addr *)fib->ipv6_src = ip6h->saddr;
	*(struct in6_addr *)fib->ipv6_dst = ip6h->daddr;
	return 0;
}

static __always_inline int ask(struct ethhdr *eth, void *data_end, struct bpf_fib_lookup *fib)
{
	switch (eth_proto(eth)) {
	case bpf_htons(ETH_P_IP):
		return ask_ipv4((void *)(eth + 1), data_end, fib);
	case bpf_htons(ETH_P_IPV6):
		return ask_ipv6((void *)(eth + 1), data_end, fib);
	}
	return -1;
}

/* One hop less, and the MAC addresses of the next one. */
static __always_inline void rewrite(struct ethhdr *eth, const struct bpf_fib_lookup *fib)
{
	struct ipv6hdr *ip6h = (void *)(eth + 1);

	/* Not fib->family: that is now the one of the next hop's address. */
	if (eth_proto(eth) == bpf_htons(ETH_P_IP))
		ip_decrease_ttl((void *)(eth + 1));
	else
		ip6h->hop_limit--;
	__builtin_memcpy(eth->h_source, fib->smac, ETH_ALEN);
	__builtin_memcpy(eth->h_dest, fib->dmac, ETH_ALEN);
}

SEC("xdp")
int xdp_router_func(struct xdp_md *ctx)
{
	struct bpf_fib_lookup fib = { .ifindex = ctx->ingress_ifindex };
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 action = XDP_PASS;

	if ((void *)(eth + 1) > data_end || ask(eth, data_end, &fib))
		goto out;
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), 0) == BPF_FIB_LKUP_RET_SUCCESS)
		action = bpf_redirect_map(&tx_port, fib.ifindex, XDP_PASS);
	/* Without a route, or a port there, nothing may have been written. */
	if (action == XDP_REDIRECT)
		rewrite(eth, &fib);
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
