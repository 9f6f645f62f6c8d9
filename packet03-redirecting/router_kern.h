/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What a router does to a packet besides looking up its way: what it must look
 * at before, and what it changes behind. Part of xdp_redirect_kern.c.
 */
#ifndef ROUTER_KERN_H
#define ROUTER_KERN_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "forward_helpers.h"
#include "parsing_helpers.h"
#include "xdp_redirect.h"

#define FLOWINFO_MASK bpf_htonl(0x0fffffff) /* class and flow label */

/* What a router must look at before it looks up an IPv4 packet's way. */
static __always_inline int route_ipv4(struct iphdr *iph, void *data_end, struct bpf_fib_lookup *fib)
{
	if ((void *)(iph + 1) > data_end || iph->version != 4 || iph->ihl < 5)
		return ROUTER_BROKEN;
	if (iph->ihl > 5)
		return ROUTER_OPTIONS;
	fib->tot_len = bpf_ntohs(iph->tot_len);
	if (fib->tot_len < sizeof(*iph) || !packet_holds(iph, fib->tot_len, data_end))
		return ROUTER_BROKEN;
	if (ip_addr_is_special(iph->saddr) || ip_addr_is_special(iph->daddr) ||
	    ip_addr_is_link_local(iph->saddr) || ip_addr_is_link_local(iph->daddr))
		return ROUTER_ADDRESS;
	if (iph->ttl <= 1)
		return ROUTER_TTL;
	fib->family = AF_INET;
	fib->tos = iph->tos;
	fib->l4_protocol = iph->protocol;
	fib->ipv4_src = iph->saddr;
	fib->ipv4_dst = iph->daddr;
	return ROUTER_FIB_SUCCESS;
}

/* The same of IPv6. */
static __always_inline int route_ipv6(struct ipv6hdr *ip6h, void *data_end,
				      struct bpf_fib_lookup *fib)
{
	__u32 length;

	if ((void *)(ip6h + 1) > data_end || ip6h->version != 6)
		return ROUTER_BROKEN;
	length = bpf_ntohs(ip6h->payload_len);
	if (!packet_holds(ip6h + 1, length, data_end))
		return ROUTER_BROKEN;
	if (ip6h->nexthdr == IPPROTO_HOPOPTS)
		return ROUTER_OPTIONS;
	if (ip6_addr_is_special(&ip6h->saddr) || ip6_addr_is_special(&ip6h->daddr) ||
	    ip6_addr_is_link_local(&ip6h->saddr) || ip6_addr_is_link_local(&ip6h->daddr))
		return ROUTER_ADDRESS;
	if (ip6h->hop_limit <= 1)
		return ROUTER_TTL;
	fib->family = AF_INET6;
	fib->tot_len = sizeof(*ip6h) + length;
	fib->flowinfo = *(__be32 *)ip6h & FLOWINFO_MASK;
	fib->l4_protocol = ip6h->nexthdr;
	*(struct in6_addr *)fib->ipv6_src = ip6h->saddr;
	*(struct in6_addr *)fib->ipv6_dst = ip6h->daddr;
	return ROUTER_FIB_SUCCESS;
}

/* What is to be said of the packet before the way is looked up, if anything. */
static __always_inline int router_check(struct ethhdr *eth, void *data_end,
					struct bpf_fib_lookup *fib)
{
	if (mac_is_group(eth))
		return ROUTER_ADDRESS;
	switch (eth_proto(eth)) {
	case bpf_htons(ETH_P_IP):
		return route_ipv4((void *)(eth + 1), data_end, fib);
	case bpf_htons(ETH_P_IPV6):
		return route_ipv6((void *)(eth + 1), data_end, fib);
	case bpf_htons(ETH_P_8021Q):
	case bpf_htons(ETH_P_8021AD):
		return ROUTER_VLAN;
	}
	return ROUTER_NOT_IP;
}

/* One hop less, and the MAC addresses of the next one. */
static __always_inline void router_rewrite(struct ethhdr *eth, const struct bpf_fib_lookup *fib)
{
	struct ipv6hdr *ip6h = (void *)(eth + 1);

	/* Not fib->family: that is now the one of the next hop's address. */
	if (eth_proto(eth) == bpf_htons(ETH_P_IP))
		ip_decrease_ttl((void *)(eth + 1));
	else
		ip6h->hop_limit--;
	mac_copy(eth->h_source, fib->smac);
	/* The stack is read in aligned pieces: here the short one first. */
	*(mac_u16 *)eth->h_dest = *(const mac_u16 *)fib->dmac;
	*(mac_u32 *)(eth->h_dest + 2) = *(const mac_u32 *)(fib->dmac + 2);
}

#endif /* ROUTER_KERN_H */
