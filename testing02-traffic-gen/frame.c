// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A UDP packet, from the Ethernet header to the last byte. */
#include <arpa/inet.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include "frame.h"

#define VLAN_LEN 4
#define HOPS 64
#define DONT_FRAGMENT 0x4000

unsigned int frame_head(const struct gen_opts *opts)
{
	return (unsigned int)(ETH_HLEN + (opts->vlan ? VLAN_LEN : 0) +
			      (opts->ipv6 ? sizeof(struct ipv6hdr) :
					    sizeof(struct iphdr)) +
			      sizeof(struct udphdr));
}

/* The sum of the 16-bit words of @data, added to @sum. */
static unsigned int add(unsigned int sum, const void *data, unsigned int len)
{
	const unsigned char *byte = data;
	unsigned int i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? byte[i] : (unsigned int)byte[i] << 8;
	return sum;
}

__u16 frame_fold(unsigned int sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum += sum >> 16;
	return htons((__u16)~sum);
}

/* Returns the sum of both addresses, which the checksum of UDP covers. */
static unsigned int put_ipv4(unsigned char *at, const struct gen_opts *opts,
			     unsigned int payload)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = sizeof(ip) / 4,
		.tot_len = htons((__u16)(sizeof(ip) + payload)),
		.frag_off = htons(DONT_FRAGMENT),
		.ttl = HOPS,
		.protocol = IPPROTO_UDP,
		.saddr = opts->src.v4.s_addr,
		.daddr = opts->dst.v4.s_addr,
	};

	ip.check = frame_fold(add(0, &ip, sizeof(ip)));
	memcpy(at, &ip, sizeof(ip));
	return add(0, &ip.saddr, 2 * sizeof(ip.saddr));
}

static unsigned int put_ipv6(unsigned char *at, const struct gen_opts *opts,
			     unsigned int payload)
{
	struct ipv6hdr ip6 = {
		.version = 6,
		.payload_len = htons((__u16)payload),
		.nexthdr = IPPROTO_UDP,
		.hop_limit = HOPS,
		.saddr = opts->src.v6,
		.daddr = opts->dst.v6,
	};

	memcpy(at, &ip6, sizeof(ip6));
	return add(0, &ip6.saddr, 2 * sizeof(ip6.saddr));
}

/* The payload is there already. @sum: what the addresses contribute. */
static void put_udp(unsigned char *at, const struct gen_opts *opts,
		    unsigned int len, unsigned int sum)
{
	struct udphdr udp = {
		.source = htons((__u16)opts->sport),
		.dest = htons((__u16)opts->dport),
		.len = htons((__u16)len),
	};

	memcpy(at, &udp, sizeof(udp));
	/* The pseudo header: addresses, protocol, length (RFC 768). */
	udp.check = frame_fold(add(sum + IPPROTO_UDP + len, at, len));
	if (!udp.check)
		udp.check = UDP_NO_ZERO;
	memcpy(at, &udp, sizeof(udp));
}

static unsigned char *put_ethernet(unsigned char *at,
				   const struct gen_opts *opts)
{
	__be16 type = htons(opts->ipv6 ? ETH_P_IPV6 : ETH_P_IP);
	__be16 tag[] = { htons(ETH_P_8021Q), htons((__u16)opts->vlan) };

	memcpy(at, &opts->dst_mac, ETH_ALEN);
	memcpy(at + ETH_ALEN, &opts->src_mac, ETH_ALEN);
	at += 2 * ETH_ALEN;
	if (opts->vlan) {
		memcpy(at, tag, sizeof(tag));
		at += sizeof(tag);
	}
	memcpy(at, &type, sizeof(type));
	return at + sizeof(type);
}

void frame_build(struct frame *frame, const struct gen_opts *opts)
{
	unsigned char *ip, *udp = frame->data + frame_head(opts) -
				  sizeof(struct udphdr);
	unsigned int i, sum, len;

	frame->len = opts->size;
	frame->head = frame_head(opts);
	for (i = 0; i < frame->len; i++)
		frame->data[i] = (unsigned char)i;
	len = frame->len - (unsigned int)(udp - frame->data);
	ip = put_ethernet(frame->data, opts);
	sum = opts->ipv6 ? put_ipv6(ip, opts, len) : put_ipv4(ip, opts, len);
	put_udp(udp, opts, len, sum);
}
