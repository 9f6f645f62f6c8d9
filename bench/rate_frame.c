// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Frames to send, and frames to expect. */
#include <arpa/inet.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <string.h>

#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/ipv6.h>

#include "rate.h"

#define L3_LEN (RATE_FRAME_LEN - ETH_HLEN)
#define SOURCE_PORT 4242

struct kind {
	const char *name;
	bool ipv6, echo;
};

static const struct kind kinds[] = {
	{ "udp4", false, false },
	{ "udp6", true, false },
	{ "echo4", false, true },
	{ "echo6", true, true },
};

static const struct kind *find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

/* The sum of @len bytes (even) and @sum, folded. */
static __u16 add(const void *data, size_t len, __u32 sum)
{
	const unsigned char *byte = data;
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += (__u32)(byte[i] << 8 | byte[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (__u16)sum;
}

static __be16 inverse(__u16 sum)
{
	return htons((__u16)~sum);
}

/* What follows the IP header; @pseudo is the sum of the pseudo header. */
static void build_payload(void *at, size_t len, const struct kind *kind, bool answer, __u16 pseudo)
{
	struct icmp6hdr *icmp6h = at;
	struct icmphdr *icmph = at;
	struct udphdr *udph = at;

	if (!kind->echo) {
		udph->source = htons(SOURCE_PORT);
		udph->dest = htons(RATE_PORT);
		udph->len = htons((__u16)len);
		udph->check = inverse(add(at, len, pseudo));
	} else if (kind->ipv6) {
		icmp6h->icmp6_identifier = htons(1);
		icmp6h->icmp6_type = answer ? ICMPV6_ECHO_REPLY : ICMPV6_ECHO_REQUEST;
		icmp6h->icmp6_cksum = inverse(add(at, len, pseudo));
	} else {
		icmph->un.echo.id = htons(1);
		icmph->type = answer ? ICMP_ECHOREPLY : ICMP_ECHO;
		icmph->checksum = inverse(add(at, len, 0));
	}
}

static void build_ipv4(void *at, const struct kind *kind, const struct rate_packet *packet)
{
	size_t len = L3_LEN - sizeof(struct iphdr);
	struct iphdr *iph = at;
	const char *src = "10.0.1.2", *dst = "10.0.2.2";

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tot_len = htons(L3_LEN);
	iph->ttl = packet->hops;
	iph->protocol = kind->echo ? IPPROTO_ICMP : IPPROTO_UDP;
	inet_pton(AF_INET, packet->answer ? dst : src, &iph->saddr);
	inet_pton(AF_INET, packet->answer ? src : dst, &iph->daddr);
	iph->check = inverse(add(iph, sizeof(*iph), packet->broken));
	build_payload(iph + 1, len, kind, packet->answer,
		      add(&iph->saddr, 8, (__u32)len + iph->protocol));
}

static void build_ipv6(void *at, const struct kind *kind, const struct rate_packet *packet)
{
	size_t len = L3_LEN - sizeof(struct ipv6hdr);
	struct ipv6hdr *ip6h = at;
	const char *src = "fd00:1::2", *dst = "fd00:2::2";

	ip6h->version = 6;
	ip6h->payload_len = htons((__u16)len);
	ip6h->nexthdr = kind->echo ? IPPROTO_ICMPV6 : IPPROTO_UDP;
	ip6h->hop_limit = packet->hops;
	inet_pton(AF_INET6, packet->answer ? dst : src, &ip6h->saddr);
	inet_pton(AF_INET6, packet->answer ? src : dst, &ip6h->daddr);
	build_payload(ip6h + 1, len, kind, packet->answer,
		      add(&ip6h->saddr, 32, (__u32)len + ip6h->nexthdr));
}

bool rate_frame_build(unsigned char *frame, const char *name, const struct rate_packet *packet)
{
	const struct kind *kind = find(name);
	struct ethhdr *eth = (struct ethhdr *)frame;

	if (!kind)
		return false;
	memset(frame, 0, RATE_FRAME_LEN);
	memcpy(eth->h_dest, packet->dst, ETH_ALEN);
	memcpy(eth->h_source, packet->src, ETH_ALEN);
	eth->h_proto = htons(kind->ipv6 ? ETH_P_IPV6 : ETH_P_IP);
	if (kind->ipv6)
		build_ipv6(eth + 1, kind, packet);
	else
		build_ipv4(eth + 1, kind, packet);
	return true;
}

bool rate_frame_is_ipv6(const char *name)
{
	return find(name)->ipv6;
}
