// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Headers written (Ethernet, IPv4, IPv6, UDP, an echo request), and read with care. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>

#include <linux/if_ether.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include "packets/packet.h"

#define DONT_FRAGMENT 0x4000
#define FRAGMENT 0x3fff /* an offset, or another part follows */
#define UDP_NO_ZERO 0xffff /* for a sum of 0, which means none (RFC 768) */

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

void packet_put_udp(void *at, const struct packet_ends *ends, uint16_t sport, uint16_t dport,
		    size_t len)
{
	struct udphdr udp = { .source = htons(sport), .dest = htons(dport) };

	_Static_assert(sizeof(udp) == PACKET_UDP_HEAD, "as the header says");
	len += sizeof(udp);
	udp.len = htons((uint16_t)len);
	memcpy(at, &udp, sizeof(udp));
	udp.check = packet_fold(packet_sum(at, len, packet_pseudo_sum(ends, IPPROTO_UDP, len)));
	if (!udp.check)
		udp.check = UDP_NO_ZERO;
	memcpy(at, &udp, sizeof(udp));
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

/* The body of @packet begins @head bytes behind @ip, in a datagram of @total. */
static int set_body(const unsigned char *ip, size_t left, size_t head, size_t total,
		    struct packet *packet)
{
	if (head > left || total < head)
		return -EBADMSG;
	packet->cut = total > left;
	packet->body = ip + head;
	/* What is behind the datagram is padding. */
	packet->len = (packet->cut ? left : total) - head;
	return 0;
}

static int read_ipv4(const unsigned char *at, size_t left, struct packet *packet)
{
	struct iphdr ip;
	size_t head;

	if (left < sizeof(ip))
		return -EBADMSG;
	memcpy(&ip, at, sizeof(ip));
	head = ip.ihl * 4U;
	if (ip.version != 4 || head < sizeof(ip) || head > left)
		return -EBADMSG;
	packet->src.family = packet->dst.family = AF_INET;
	packet->src.v4.s_addr = ip.saddr;
	packet->dst.v4.s_addr = ip.daddr;
	packet->id = ntohs(ip.id);
	packet->length = ntohs(ip.tot_len);
	packet->hops = ip.ttl;
	packet->protocol = ip.protocol;
	packet->fragment = ip.frag_off & htons(FRAGMENT);
	/* With its checksum in it, the sum of all of it is nothing but ones. */
	packet->bad_header = packet_fold(packet_sum(at, head, 0)) != 0;
	return set_body(at, left, head, ntohs(ip.tot_len), packet);
}

static int read_ipv6(const unsigned char *at, size_t left, struct packet *packet)
{
	struct ipv6hdr ip6;

	if (left < sizeof(ip6))
		return -EBADMSG;
	memcpy(&ip6, at, sizeof(ip6));
	if (ip6.version != 6)
		return -EBADMSG;
	packet->src.family = packet->dst.family = AF_INET6;
	packet->src.v6 = ip6.saddr;
	packet->dst.v6 = ip6.daddr;
	packet->length = ntohs(ip6.payload_len);
	packet->hops = ip6.hop_limit;
	packet->protocol = ip6.nexthdr;
	packet->fragment = ip6.nexthdr == IPPROTO_FRAGMENT;
	return set_body(at, left, sizeof(ip6), sizeof(ip6) + ntohs(ip6.payload_len), packet);
}

int packet_read(const void *data, size_t len, struct packet *packet)
{
	const unsigned char *at = data;
	struct ethhdr eth;

	memset(packet, 0, sizeof(*packet));
	if (len < sizeof(eth))
		return -EBADMSG;
	memcpy(&eth, at, sizeof(eth));
	memcpy(&packet->src_mac, eth.h_source, ETH_ALEN);
	memcpy(&packet->dst_mac, eth.h_dest, ETH_ALEN);
	packet->ethertype = ntohs(eth.h_proto);
	at += sizeof(eth);
	len -= sizeof(eth);
	if (eth.h_proto == htons(ETH_P_IP))
		return read_ipv4(at, len, packet);
	if (eth.h_proto == htons(ETH_P_IPV6))
		return read_ipv6(at, len, packet);
	return -EBADMSG;
}
