// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Headers written: Ethernet, IPv4, IPv6, and an echo request. */
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>

#include <linux/if_ether.h>
#include <linux/ipv6.h>

#include "packet.h"

#define DONT_FRAGMENT 0x4000

size_t packet_put_eth(void *at, const struct packet_ends *ends, unsigned int vlan)
{
	bool six = ends->dst.family == AF_INET6;
	uint16_t tag[] = { htons(ETH_P_8021Q), htons((uint16_t)vlan) };
	uint16_t type = htons(six ? ETH_P_IPV6 : ETH_P_IP);
	size_t len = 2 * ETH_ALEN;

	memcpy(at, &ends->dst_mac, ETH_ALEN);
	memcpy((char *)at + ETH_ALEN, &ends->src_mac, ETH_ALEN);
	if (vlan) {
		memcpy((char *)at + len, tag, sizeof(tag));
		len += sizeof(tag);
	}
	memcpy((char *)at + len, &type, sizeof(type));
	return len + sizeof(type);
}

size_t packet_put_ip(void *at, const struct packet_ends *ends, uint8_t protocol, uint8_t hops,
		     size_t len)
{
	struct ipv6hdr ip6 = {
		.version = 6,
		.payload_len = htons((uint16_t)len),
		.nexthdr = protocol,
		.hop_limit = hops,
	};
	struct iphdr ip = {
		.version = 4,
		.ihl = sizeof(ip) / 4,
		.tot_len = htons((uint16_t)(sizeof(ip) + len)),
		.frag_off = htons(DONT_FRAGMENT),
		.ttl = hops,
		.protocol = protocol,
	};

	if (ends->dst.family == AF_INET6) {
		ip6.saddr = ends->src.v6;
		ip6.daddr = ends->dst.v6;
		memcpy(at, &ip6, sizeof(ip6));
		return sizeof(ip6);
	}
	ip.saddr = ends->src.v4.s_addr;
	ip.daddr = ends->dst.v4.s_addr;
	ip.check = packet_fold(packet_sum(&ip, sizeof(ip), 0));
	memcpy(at, &ip, sizeof(ip));
	return sizeof(ip);
}

uint64_t packet_pseudo_sum(const struct packet_ends *ends, uint8_t protocol, size_t len)
{
	size_t size = ends->dst.family == AF_INET6 ? sizeof(ends->dst.v6) : sizeof(ends->dst.v4);
	uint64_t sum = packet_sum(&ends->src.v6, size, 0);

	/* The length has two words; the first one is 0 in any packet. */
	return packet_sum(&ends->dst.v6, size, sum) + htons(protocol) + htons((uint16_t)len);
}

void packet_put_echo(void *at, const struct packet_ends *ends, uint16_t id, uint16_t sequence,
		     size_t len)
{
	bool six = ends->dst.family == AF_INET6;
	struct icmphdr icmp = {
		.type = six ? ICMP6_ECHO_REQUEST : ICMP_ECHO,
		.un.echo = { .id = htons(id), .sequence = htons(sequence) },
	};
	uint64_t sum = 0;

	_Static_assert(sizeof(icmp) == PACKET_ECHO_HEAD, "of both versions");
	memcpy(at, &icmp, sizeof(icmp));
	len += sizeof(icmp);
	if (six)
		sum = packet_pseudo_sum(ends, IPPROTO_ICMPV6, len);
	icmp.checksum = packet_fold(packet_sum(at, len, sum));
	memcpy(at, &icmp, sizeof(icmp));
}
