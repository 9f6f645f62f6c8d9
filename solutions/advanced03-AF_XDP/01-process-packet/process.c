// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 01: echo requests of ICMPv6, too. */
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <stdint.h>
#include <string.h>

#include "process.h"

#define HOPS 64 /* that an answer may go */

/* The header of @size bytes at *@at, which moves behind it. NULL: the packet ends before. */
static void *header(unsigned char **at, const unsigned char *end, size_t size)
{
	unsigned char *start = *at;

	if ((size_t)(end - start) < size)
		return NULL;
	*at += size;
	return start;
}

static void swap(void *a, void *b, size_t size)
{
	unsigned char kept[sizeof(struct in6_addr)];

	memcpy(kept, a, size);
	memcpy(a, b, size);
	memcpy(b, kept, size);
}

/* Correct @sum for a word that was @old and is now @new (RFC 1624, equation 3). */
static void csum_replace(uint16_t *sum, uint16_t old, uint16_t new)
{
	uint16_t was = ~*sum, less = ~old;
	uint32_t total = (uint32_t)was + less + new;

	total = (total & 0xffff) + (total >> 16);
	*sum = ~(total + (total >> 16));
}

static bool answer_ipv4(unsigned char *at, const unsigned char *end)
{
	struct iphdr *ip = header(&at, end, sizeof(*ip));
	struct icmphdr *icmp = header(&at, end, sizeof(*icmp));

	/* No options, no fragment. */
	if (!ip || !icmp || ip->ihl * 4 != sizeof(*ip) || ip->protocol != IPPROTO_ICMP ||
	    ip->frag_off & htons(IP_MF | IP_OFFMASK) || icmp->type != ICMP_ECHO || icmp->code)
		return false;
	icmp->type = ICMP_ECHOREPLY;
	csum_replace(&icmp->checksum, htons(ICMP_ECHO << 8), htons(ICMP_ECHOREPLY << 8));
	csum_replace(&ip->check, htons((uint16_t)(ip->ttl << 8)), htons(HOPS << 8));
	ip->ttl = HOPS;
	swap(&ip->saddr, &ip->daddr, sizeof(ip->saddr)); /* no sum changes by that */
	return true;
}

static bool answer_ipv6(unsigned char *at, const unsigned char *end)
{
	struct ip6_hdr *ip6 = header(&at, end, sizeof(*ip6));
	struct icmp6_hdr *icmp6 = header(&at, end, sizeof(*icmp6));

	/* No extension headers, and so no fragment. */
	if (!ip6 || !icmp6 || ip6->ip6_nxt != IPPROTO_ICMPV6 ||
	    icmp6->icmp6_type != ICMP6_ECHO_REQUEST || icmp6->icmp6_code)
		return false;
	icmp6->icmp6_type = ICMP6_ECHO_REPLY;
	csum_replace(&icmp6->icmp6_cksum, htons(ICMP6_ECHO_REQUEST << 8),
		     htons(ICMP6_ECHO_REPLY << 8));
	ip6->ip6_hlim = HOPS; /* the header of IPv6 has no sum */
	/* The sum of ICMPv6 has the addresses in it, and stays as it is: both are still there. */
	swap(&ip6->ip6_src, &ip6->ip6_dst, sizeof(ip6->ip6_src));
	return true;
}

bool process_packet(void *packet, unsigned int len)
{
	unsigned char *at = packet;
	const unsigned char *end = at + len;
	struct ethhdr *eth = header(&at, end, sizeof(*eth));

	if (!eth)
		return false;
	if (!(eth->h_proto == htons(ETH_P_IPV6) && answer_ipv6(at, end)) &&
	    !(eth->h_proto == htons(ETH_P_IP) && answer_ipv4(at, end)))
		return false;
	swap(eth->h_dest, eth->h_source, ETH_ALEN);
	return true;
}
