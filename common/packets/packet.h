/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Packets in user space: Ethernet, IP, UDP and ICMP headers written, and
 * received packets read, which may be broken or hostile.
 *
 * The Internet checksum (RFC 1071) is a sum of 16-bit words; a carry out of the
 * top is added at the bottom. Words are added as they are in memory, so that no
 * byte is swapped, and in any order. Taught in advanced04-xdp-ping.
 */
#ifndef COMMON_PACKET_H
#define COMMON_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "netif.h"

#define PACKET_HEAD_MAX (ETH_HLEN + 4 + 40) /* Ethernet with a tag, IPv6 */
#define PACKET_UDP_HEAD 8
#define PACKET_ECHO_HEAD 8 /* of an echo message, in front of its data */

/* Sender and receiver; both addresses are of one family. */
struct packet_ends {
	struct netif_mac src_mac, dst_mac;
	struct netif_addr src, dst;
};

/* A packet that came in, as far as it could be read. */
struct packet {
	struct netif_mac src_mac, dst_mac;
	struct netif_addr src, dst; /* family 0: it is not IP */
	uint16_t ethertype; /* 0: the frame has none */
	uint16_t id; /* of the datagram; IPv6 has none */
	uint16_t length; /* as the header has it: all of an IPv4 datagram, the payload of IPv6 */
	uint8_t hops; /* TTL or hop limit */
	uint8_t protocol; /* of the body */
	bool fragment; /* a part of a datagram only: the body is not read */
	bool bad_header; /* the checksum of IPv4 is wrong */
	bool cut; /* the frame ends before the datagram does */
	const unsigned char *body; /* behind the headers of IP, in the frame */
	size_t len; /* of the body, as far as it is in the frame */
};

/*
 * Add the 16-bit words of @data, @len bytes, to @sum. Parts may be added one
 * after the other where each but the last has an even length.
 */
static inline uint64_t packet_sum(const void *data, size_t len, uint64_t sum)
{
	const unsigned char *at = data;
	uint64_t eight;
	uint16_t last = 0;

	/* Four words at a time: their carries meet in the upper half. */
	for (; len >= 8; len -= 8, at += 8) {
		memcpy(&eight, at, 8);
		sum += (eight & 0xffffffff) + (eight >> 32);
	}
	for (; len >= 2; len -= 2, at += 2) {
		memcpy(&last, at, 2);
		sum += last;
	}
	/* An odd byte is the first one of a word whose second is 0. */
	last = 0;
	memcpy(&last, at, len);
	return sum + last;
}

/* The checksum that belongs to @sum, as it stands in a packet. */
static inline uint16_t packet_fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Write an Ethernet header, with a VLAN tag unless @vlan is 0. Returns its length. */
size_t packet_put_eth(void *at, const struct packet_ends *ends, unsigned int vlan);

/*
 * Write an IPv4 header (not to be fragmented) or an IPv6 header for @len bytes
 * of @protocol. Returns its length.
 */
size_t packet_put_ip(void *at, const struct packet_ends *ends, uint8_t protocol, uint8_t hops,
		     size_t len);

/*
 * The sum of the pseudo header (RFC 768, RFC 8200 8.1), which is a part of the
 * checksum of UDP, TCP and ICMPv6 but not of ICMP.
 */
uint64_t packet_pseudo_sum(const struct packet_ends *ends, uint8_t protocol, size_t len);

/*
 * Write a UDP header, with its checksum, in front of @len bytes of data that are
 * there already; the ports are in host byte order. (RFC 768)
 */
void packet_put_udp(void *at, const struct packet_ends *ends, uint16_t sport, uint16_t dport,
		    size_t len);

/*
 * Write the header of an echo request in front of @len bytes of data that are
 * there already; @id and @sequence are in host byte order. (RFC 792, RFC 4443)
 */
void packet_put_echo(void *at, const struct packet_ends *ends, uint16_t id, uint16_t sequence,
		     size_t len);

/*
 * Read the Ethernet header (without a tag) and the IP header of the frame @data;
 * @packet->body points into it. IPv4 options are skipped; IPv6 extension headers
 * are part of the body. Returns 0; or -EBADMSG when the frame is no IP packet, or
 * its headers are cut off or contradict themselves.
 */
int packet_read(const void *data, size_t len, struct packet *packet);

#endif /* COMMON_PACKET_H */
