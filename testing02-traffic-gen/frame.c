// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A UDP packet, from the Ethernet header to the last byte. */
#include <arpa/inet.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include "frame.h"
#include "packets/packet.h"

#define VLAN_LEN 4
#define HOPS 64

unsigned int frame_head(const struct gen_opts *opts)
{
	return (unsigned int)(ETH_HLEN + (opts->vlan ? VLAN_LEN : 0) +
			      (opts->ipv6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr)) +
			      sizeof(struct udphdr));
}

/* The payload is there already. */
static void put_udp(unsigned char *at, const struct gen_opts *opts, const struct packet_ends *ends,
		    size_t len)
{
	struct udphdr udp = {
		.source = htons((__u16)opts->sport),
		.dest = htons((__u16)opts->dport),
		.len = htons((__u16)len),
	};

	memcpy(at, &udp, sizeof(udp));
	udp.check = packet_fold(packet_sum(at, len, packet_pseudo_sum(ends, IPPROTO_UDP, len)));
	if (!udp.check)
		udp.check = UDP_NO_ZERO;
	memcpy(at, &udp, sizeof(udp));
}

void frame_build(struct frame *frame, const struct gen_opts *opts)
{
	const struct packet_ends ends = { .src_mac = opts->src_mac,
					  .dst_mac = opts->dst_mac,
					  .src = opts->src,
					  .dst = opts->dst };
	unsigned char *at = frame->data;
	unsigned int i;
	size_t len;

	frame->len = opts->size;
	frame->head = frame_head(opts);
	for (i = 0; i < frame->len; i++)
		frame->data[i] = (unsigned char)i;
	len = frame->len - frame->head + sizeof(struct udphdr);
	at += packet_put_eth(at, &ends, opts->vlan);
	at += packet_put_ip(at, &ends, IPPROTO_UDP, HOPS, len);
	put_udp(at, opts, &ends, len);
}
