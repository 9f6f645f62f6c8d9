/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * advanced04: what the tests of its programs share: a ping with its targets, and
 * packets that may come back, made here and not by the lesson.
 */
#ifndef TESTS_PINGS_H
#define TESTS_PINGS_H

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>

#include "packets.h"

/* common/packets/packet.h has another struct of that name. */
#define packet packet_seen
#include "ping.h"
#include "request.h"
#undef packet

#define PING_LESSON "../../advanced04-xdp-ping/"
#define PING_TEST_TARGETS 2

struct pinged {
	struct ping_opts opts;
	struct ping ping;
	struct target target[PING_TEST_TARGETS];
	struct target *turn[PING_TEST_TARGETS];
};

/* The address whose last byte is @last */
static inline struct netif_addr ping_addr(int family, unsigned char last)
{
	struct netif_addr addr = { .family = family };
	static const unsigned char net[] = { 0xfc, 0, 0xde, 0xad, 0xca, 0xfe };

	if (family == AF_INET6) {
		memcpy(&addr.v6, net, sizeof(net));
		addr.v6.s6_addr[15] = last;
	} else {
		addr.v4.s_addr = htonl(0x0a0b0100U + last);
	}
	return addr;
}

/* @count targets, 2 and 3, pinged from 1 with @size bytes of data */
static inline void pinged_begin(struct pinged *pinged, int family, unsigned int size,
				unsigned int count)
{
	struct ping *ping = &pinged->ping;
	unsigned char i;

	memset(pinged, 0, sizeof(*pinged));
	pinged->opts.size = size;
	pinged->opts.ttl = PING_TTL;
	for (i = 0; i < count; i++) {
		struct packet_ends *ends = &pinged->target[i].ends;

		ends->src = ping_addr(family, 1);
		ends->dst = ping_addr(family, 2 + i);
		ends->src_mac = (struct netif_mac){ { 2, 0, 0, 0, 0, 1 } };
		ends->dst_mac = (struct netif_mac){ { 2, 0, 0, 0, 0, 2 + i } };
		pinged->target[i].direct = true;
		pinged->turn[i] = &pinged->target[i];
	}
	ping->opts = &pinged->opts;
	ping->family = family;
	ping->targets = pinged->target;
	ping->active = pinged->turn;
	ping->count = ping->n_active = count;
	if (request_prepare(ping, PACKET_MAX))
		abort();
}

static inline void pinged_end(struct pinged *pinged)
{
	free(pinged->ping.data);
}

/* Where ICMP begins, in a packet whose IPv4 header may have options */
static inline __u32 icmp_at(const struct packet *packet)
{
	return ETH_HLEN +
	       (packet->data[ETH_HLEN] >> 4 == 6 ? 40 : (packet->data[ETH_HLEN] & 15) * 4U);
}

/* The checksum of ICMP, anew, up to the end of the packet */
static inline void set_icmp_sum(struct packet *packet)
{
	static __u8 text[PACKET_MAX + 40];
	__u32 at = icmp_at(packet), len = packet->len - at, head = 0;
	__u16 sum;

	set_u16(packet, at + 2, 0);
	if (packet->data[ETH_HLEN] >> 4 == 6) {
		memset(text, 0, 40);
		memcpy(text, packet->data + ETH_HLEN + 8, 32);
		text[34] = len >> 8;
		text[35] = len;
		text[39] = IPPROTO_ICMPV6;
		head = 40;
	}
	memcpy(text + head, packet->data + at, len);
	sum = plain_checksum(text, head + len);
	memcpy(packet->data + at + 2, &sum, sizeof(sum));
}

/* All that depends on what stands in the packet */
static inline void set_sums(struct packet *packet)
{
	packet_finish(packet, ETH_HLEN);
	set_icmp_sum(packet);
}

static inline void swap_bytes(__u8 *a, __u8 *b, int n)
{
	__u8 was;

	while (n--) {
		was = a[n];
		a[n] = b[n];
		b[n] = was;
	}
}

/* The answer to request @number, as it has to be */
static inline void make_answer(const struct pinged *pinged, __u64 number, struct packet *packet)
{
	bool six = pinged->ping.family == AF_INET6;
	__u8 *ip = packet->data + ETH_HLEN;

	request_write(&pinged->ping, number, packet->data);
	packet->len = pinged->ping.len;
	swap_bytes(packet->data, packet->data + ETH_ALEN, ETH_ALEN);
	swap_bytes(ip + (six ? 8 : 12), ip + (six ? 24 : 16), six ? 16 : 4);
	packet->data[icmp_at(packet)] = six ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;
	set_sums(packet);
}

/*
 * An error about request @number, by a router, which quotes @quoted bytes of it
 * (as far as there are)
 */
static inline void make_error(const struct pinged *pinged, __u64 number, __u8 type, __u32 quoted,
			      struct packet *packet)
{
	bool six = pinged->ping.family == AF_INET6;
	struct packet_ends ends = {
		.src_mac = pinged->target[0].ends.dst_mac,
		.dst_mac = pinged->target[0].ends.src_mac,
		.src = ping_addr(pinged->ping.family, 99),
		.dst = pinged->target[0].ends.src,
	};
	static __u8 request[PACKET_MAX];

	request_write(&pinged->ping, number, request);
	if (quoted > pinged->ping.len - ETH_HLEN)
		quoted = pinged->ping.len - ETH_HLEN;
	packet->len = packet_put_eth(packet->data, &ends, 0);
	packet->len += packet_put_ip(packet->data + packet->len, &ends,
				     six ? IPPROTO_ICMPV6 : IPPROTO_ICMP, 63, 8 + quoted);
	put_u8(packet, type);
	put_u8(packet, 1);
	put_u16(packet, 0);
	put_u16(packet, 0);
	put_u16(packet, 0);
	put_bytes(packet, request + ETH_HLEN, quoted);
	set_sums(packet);
}

#endif /* TESTS_PINGS_H */
