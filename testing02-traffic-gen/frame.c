// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The UDP frame, from the Ethernet header to the last byte, and other flows of it. */
#include <arpa/inet.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include "gen.h"
#include "packets/packet.h"

#define VLAN_LEN 4
#define HOPS 64

unsigned int frame_head(const struct gen_opts *opts)
{
	return (unsigned int)(ETH_HLEN + (opts->vlan ? VLAN_LEN : 0) +
			      (opts->ipv6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr)) +
			      sizeof(struct udphdr));
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
	len = frame->len - frame->head;
	at += packet_put_eth(at, &ends, opts->vlan);
	at += packet_put_ip(at, &ends, IPPROTO_UDP, HOPS, len + sizeof(struct udphdr));
	packet_put_udp(at, &ends, (uint16_t)opts->sport, (uint16_t)opts->dport, len);
}

/* Only two words differ (RFC 1624; see packet02-rewriting). */
void frame_set_flow(struct frame *frame, const struct gen_opts *opts, unsigned int flow)
{
	unsigned char *at = frame->data + frame->head - sizeof(struct udphdr);
	struct udphdr udp;
	__u16 was, less;

	memcpy(&udp, at, sizeof(udp));
	was = ~udp.check;
	less = ~udp.source;
	udp.source = htons((__u16)(opts->sport + flow));
	udp.check = packet_fold((uint64_t)was + less + udp.source);
	if (!udp.check)
		udp.check = UDP_NO_ZERO;
	memcpy(at, &udp, sizeof(udp));
}

void frame_settings(const struct frame *frame, const struct gen_opts *opts,
		    struct gen_settings *gen)
{
	size_t len = sizeof(gen->word);

	memset(gen, 0, sizeof(*gen));
	memcpy(gen->word, frame->data, frame->len < len ? frame->len : len);
	memcpy(&gen->last, frame->data + frame->head - sizeof(gen->last), sizeof(gen->last));
	gen->len = frame->head;
	gen->flows = opts->flows;
	gen->sport = (__u16)opts->sport;
}
