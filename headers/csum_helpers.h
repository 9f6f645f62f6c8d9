/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The Internet checksum (RFC 1071) of IPv4, ICMP, UDP and TCP headers, brought
 * up to date after a change without reading the packet again (RFC 1624). It is
 * a sum of 16-bit words in which a carry comes back in at the bottom, so words
 * go in as they stand in the packet, in network byte order, and no helper
 * swaps bytes.
 *
 * In such a sum 0 and 0xffff are the same number. Only the sum of nothing but
 * zeros is 0; all others end as 0xffff and their checksum, the complement, is
 * 0. These helpers keep it like that, so that a checksum brought up to date is
 * the one that a computation from the start gives.
 */
#ifndef CSUM_HELPERS_H
#define CSUM_HELPERS_H

#include <linux/types.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"

/* The checksum that belongs to @csum, a sum of words or bpf_csum_diff's result:
 * carries brought in, complemented.
 */
static __always_inline __u16 csum_fold_helper(__u32 csum)
{
	csum = (csum & 0xffff) + (csum >> 16);
	csum += csum >> 16;
	return ~csum;
}

/* Brings the checksum @sum up to date: one word was @old and is now @new. Its
 * place in the packet does not matter (RFC 1624, equation 3).
 */
static __always_inline void csum_replace2(__sum16 *sum, __be16 old, __be16 new)
{
	__u16 was = ~*sum, less = ~old;

	*sum = csum_fold_helper((__u32)was + less + new);
}

/* The same for the checksum of UDP, where 0 means that there is none (that
 * stays so) and 0xffff stands for 0 (RFC 768).
 */
static __always_inline void udp_csum_replace2(__sum16 *sum, __be16 old, __be16 new)
{
	if (!*sum)
		return;
	csum_replace2(sum, old, new);
	if (!*sum)
		*sum = 0xffff;
}

/*
 * The checksum of an ICMP or ICMPv6 message that began with @old and now begins
 * with @new. @seed is the complement of the checksum that it had; the checksum
 * fields of both are not looked at:
 *
 *	old = *icmph;
 *	icmph->type = ICMP_ECHOREPLY;
 *	icmph->cksum = icmp_checksum_diff(~old.cksum, icmph, &old);
 */
static __always_inline __u16 icmp_checksum_diff(__u16 seed, const struct icmphdr_common *new,
						const struct icmphdr_common *old)
{
	/* Type and code are one word: the first byte is the upper one. */
	__u16 less = ~bpf_htons(old->type << 8 | old->code);
	__u16 more = bpf_htons(new->type << 8 | new->code);

	return csum_fold_helper((__u32)seed + less + more);
}

/*
 * One router further: counts the TTL down and corrects the checksum. Returns
 * the TTL that is left; a packet with 0 left must not be sent on (RFC 1812,
 * 5.3.1). A TTL of 0 stays 0.
 */
static __always_inline int ip_decrease_ttl(struct iphdr *iph)
{
	__u8 ttl = iph->ttl;

	if (!ttl)
		return 0;
	iph->ttl = ttl - 1;
	/* The TTL is the upper byte of a word whose other byte, being the same
	 * before and after, makes no difference.
	 */
	csum_replace2(&iph->check, bpf_htons(ttl << 8), bpf_htons((ttl - 1) << 8));
	return ttl - 1;
}

#endif /* CSUM_HELPERS_H */
