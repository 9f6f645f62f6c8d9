/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Packets, built header by header: each put_*() appends one. Lengths and the
 * checksum of an IPv4 header are filled in by packet_finish(), so that a test
 * that wants them wrong changes them after that.
 */
#ifndef TESTS_PACKETS_H
#define TESTS_PACKETS_H

#include <linux/types.h>

#include "progrun.h"

void put_bytes(struct packet *packet, const void *bytes, __u32 len);
void put_u8(struct packet *packet, __u8 value);
void put_u16(struct packet *packet, __u16 value); /* as big endian */

/* The two MAC addresses; empties the packet first. */
void put_macs(struct packet *packet);

/* A tag behind whatever the frame has; @tpid announces it. */
void put_tag(struct packet *packet, __u16 tpid, __u16 tci);

/* The EtherType and an IP header behind it. @options bytes of IPv4 options are
 * no-operations, and a multiple of 4. @frag_off is the field in host order.
 */
void put_ipv4(struct packet *packet, __u8 proto, __u32 options, __u16 frag_off);
void put_ipv6(struct packet *packet, __u8 proto);

/* An extension header of type @proto whose length field is @units, before a
 * header of type @next; a fragment header has @units as its offset field.
 */
void put_ext(struct packet *packet, __u8 proto, __u8 next, __u16 units);

void put_udp(struct packet *packet, __u16 len);
void put_tcp(struct packet *packet, __u8 doff);
void put_icmp(struct packet *packet, __u8 type, __u16 sequence);

/* Fills in the IP lengths, of a packet whose IP header begins at @l3. */
void packet_finish(struct packet *packet, __u32 l3);

/* Overwrites a 16-bit field, as big endian. */
void set_u16(struct packet *packet, __u32 at, __u16 value);

/* The Internet checksum of @len bytes, read the plain way, in network order. */
__u16 plain_checksum(const void *bytes, __u32 len);

/* One of the packets a network has every day, and some that it has not:
 * a few VLAN tags, IPv4 or IPv6, options and extension headers, any payload
 * protocol. The same @seed gives the same packet.
 */
void random_packet(struct packet *packet, __u64 *seed);

/* Random numbers that are the same on every machine */
__u32 next_random(__u64 *seed);

#endif /* TESTS_PACKETS_H */
