// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Headers read: of packets that anybody may have made. */
#include <arpa/inet.h>
#include <errno.h>

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

#include "packet.h"

#define FRAGMENT 0x3fff /* an offset, or another part follows */

/* The body: @head bytes on from @ip, of a datagram of @total. */
static int take_body(const unsigned char *ip, size_t left, size_t head, size_t total,
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
	packet->hops = ip.ttl;
	packet->protocol = ip.protocol;
	packet->fragment = ip.frag_off & htons(FRAGMENT);
	/* With its checksum in it, the sum of all of it is nothing but ones. */
	packet->bad_header = packet_fold(packet_sum(at, head, 0)) != 0;
	return take_body(at, left, head, ntohs(ip.tot_len), packet);
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
	packet->hops = ip6.hop_limit;
	packet->protocol = ip6.nexthdr;
	packet->fragment = ip6.nexthdr == IPPROTO_FRAGMENT;
	return take_body(at, left, sizeof(ip6), sizeof(ip6) + ntohs(ip6.payload_len), packet);
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
	at += sizeof(eth);
	len -= sizeof(eth);
	if (eth.h_proto == htons(ETH_P_IP))
		return read_ipv4(at, len, packet);
	if (eth.h_proto == htons(ETH_P_IPV6))
		return read_ipv6(at, len, packet);
	return -EBADMSG;
}
