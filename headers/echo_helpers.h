/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Echo requests (RFC 792, RFC 4443) that become their answers where they are:
 * addresses swapped, type and hop count set, checksums brought up to date. The
 * MAC addresses are the caller's affair, and to find out whether the address
 * that was asked is one to answer for.
 *
 * Left to the stack: parts of a datagram, IPv4 options and IPv6 extension
 * headers, packets that are cut off, addresses of groups and those that no
 * packet may have. Taught in packet03-redirecting.
 */
#ifndef ECHO_HELPERS_H
#define ECHO_HELPERS_H

#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "forward_helpers.h"
#include "parsing_helpers.h"
#include "rewrite_helpers.h"

#define ECHO_TTL 64 /* of an answer, whose way begins here */

/*
 * Is this, from the cursor at its IPv4 header on, an ICMP echo request to be
 * answered here? Then @iphdr and @icmphdr point to its headers.
 */
static __always_inline int echo_request_ipv4(struct hdr_cursor *nh, void *data_end,
					     struct iphdr **iphdr, struct icmphdr **icmphdr)
{
	struct iphdr *iph;

	if (parse_iphdr(nh, data_end, &iph) != IPPROTO_ICMP || iph->ihl * 4 != sizeof(*iph) ||
	    ip_is_fragment(iph) || !packet_holds(iph, bpf_ntohs(iph->tot_len), data_end) ||
	    ip_addr_is_special(iph->saddr) || ip_addr_is_special(iph->daddr))
		return 0;
	*iphdr = iph;
	return parse_icmphdr(nh, data_end, icmphdr) == ICMP_ECHO && !(*icmphdr)->code;
}

/* The same of IPv6. */
static __always_inline int echo_request_ipv6(struct hdr_cursor *nh, void *data_end,
					     struct ipv6hdr **ip6hdr, struct icmp6hdr **icmp6hdr)
{
	struct ipv6hdr *ip6h = nh->pos;
	struct icmp6hdr *icmp6h = (void *)(ip6h + 1);

	/* Extension headers are for the stack, so no parser has to skip any. */
	if ((void *)(icmp6h + 1) > data_end || ip6h->version != 6 ||
	    ip6h->nexthdr != IPPROTO_ICMPV6 || bpf_ntohs(ip6h->payload_len) < sizeof(*icmp6h) ||
	    !packet_holds(icmp6h, bpf_ntohs(ip6h->payload_len), data_end) ||
	    ip6_addr_is_special(&ip6h->saddr) || ip6_addr_is_special(&ip6h->daddr))
		return 0;
	*ip6hdr = ip6h;
	*icmp6hdr = icmp6h;
	return icmp6h->icmp6_type == ICMPV6_ECHO_REQUEST && !icmp6h->icmp6_code;
}

/*
 * Makes the ICMP echo request that begins at the cursor with its IPv4 header
 * the answer to it. Returns 0, and nothing has changed, if it is another packet
 * or one that is for the stack.
 */
static __always_inline int echo_ipv4(struct hdr_cursor *nh, void *data_end)
{
	struct icmphdr *icmph;
	struct iphdr *iph;

	if (!echo_request_ipv4(nh, data_end, &iph, &icmph))
		return 0;
	icmph->type = ICMP_ECHOREPLY;
	csum_replace2(&icmph->checksum, bpf_htons(ICMP_ECHO << 8), bpf_htons(ICMP_ECHOREPLY << 8));
	/* In an answer of nothing but zeros only 0xffff is right; elsewhere it
	 * is as good as 0.
	 */
	if (!icmph->checksum)
		icmph->checksum = 0xffff;
	csum_replace2(&iph->check, bpf_htons(iph->ttl << 8), bpf_htons(ECHO_TTL << 8));
	iph->ttl = ECHO_TTL;
	swap_src_dst_ipv4(iph);
	return 1;
}

/* The same of IPv6, whose header has no checksum. */
static __always_inline int echo_ipv6(struct hdr_cursor *nh, void *data_end)
{
	struct icmp6hdr *icmp6h;
	struct ipv6hdr *ip6h;

	if (!echo_request_ipv6(nh, data_end, &ip6h, &icmp6h))
		return 0;
	icmp6h->icmp6_type = ICMPV6_ECHO_REPLY;
	csum_replace2(&icmp6h->icmp6_cksum, bpf_htons(ICMPV6_ECHO_REQUEST << 8),
		      bpf_htons(ICMPV6_ECHO_REPLY << 8));
	ip6h->hop_limit = ECHO_TTL;
	swap_src_dst_ipv6(ip6h);
	return 1;
}

#endif /* ECHO_HELPERS_H */
