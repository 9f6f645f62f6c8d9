/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include <arpa/inet.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <stdlib.h>
#include <string.h>

#include "packets.h"

void put_bytes(struct packet *packet, const void *bytes, __u32 len)
{
	if (len > sizeof(packet->data) - packet->len)
		abort(); /* a test that builds too large a packet */
	memcpy(packet->data + packet->len, bytes, len);
	packet->len += len;
}

void put_u8(struct packet *packet, __u8 value)
{
	put_bytes(packet, &value, 1);
}

void put_u16(struct packet *packet, __u16 value)
{
	value = htons(value);
	put_bytes(packet, &value, 2);
}

void set_u16(struct packet *packet, __u32 at, __u16 value)
{
	packet->data[at] = value >> 8;
	packet->data[at + 1] = value;
}

void put_macs(struct packet *packet)
{
	static const __u8 macs[] = { 2, 0, 10, 11, 1, 2, 2, 0, 10, 11, 1, 1 };

	packet->len = 0;
	put_bytes(packet, macs, sizeof(macs));
}

void put_tag(struct packet *packet, __u16 tpid, __u16 tci)
{
	put_u16(packet, tpid);
	put_u16(packet, tci);
}

void put_ipv4(struct packet *packet, __u8 proto, __u32 options, __u16 frag_off)
{
	static const __u8 addrs[] = { 10, 11, 1, 1, 10, 11, 1, 2 };

	put_u16(packet, ETH_P_IP);
	put_u8(packet, 0x40 | (5 + options / 4));
	put_u8(packet, 0);
	put_u16(packet, 0); /* total length */
	put_u16(packet, 0x1234);
	put_u16(packet, frag_off);
	put_u8(packet, 64);
	put_u8(packet, proto);
	put_u16(packet, 0); /* checksum */
	put_bytes(packet, addrs, sizeof(addrs));
	while (options--)
		put_u8(packet, 1);
}

void put_ipv6(struct packet *packet, __u8 proto)
{
	__u8 addr[16] = { 0xfc, 0, 0xde, 0xad, 0xca, 0xfe };

	put_u16(packet, ETH_P_IPV6);
	put_u16(packet, 0x6000);
	put_u16(packet, 0);
	put_u16(packet, 0); /* payload length */
	put_u8(packet, proto);
	put_u8(packet, 64);
	addr[15] = 1;
	put_bytes(packet, addr, sizeof(addr));
	addr[15] = 2;
	put_bytes(packet, addr, sizeof(addr));
}

void put_ext(struct packet *packet, __u8 proto, __u8 next, __u16 units)
{
	__u32 rest = proto == IPPROTO_AH ? units * 4 : units * 8;

	put_u8(packet, next);
	if (proto == IPPROTO_FRAGMENT) {
		put_u8(packet, 0xff); /* reserved: any value */
		put_u16(packet, units);
		rest = 0;
	} else {
		put_u8(packet, units);
		put_u16(packet, 0xffff);
	}
	put_u16(packet, 0xdead);
	put_u16(packet, 0xbeef);
	while (rest--)
		put_u8(packet, 0xee);
}

void put_udp(struct packet *packet, __u16 len)
{
	put_u16(packet, 1025);
	put_u16(packet, 53);
	put_u16(packet, len);
	put_u16(packet, 0xabcd);
}

void put_tcp(struct packet *packet, __u8 doff)
{
	int options = doff > 5 ? (doff - 5) * 4 : 0;

	put_u16(packet, 1025);
	put_u16(packet, 80);
	put_u16(packet, 1);
	put_u16(packet, 2);
	put_u16(packet, 3);
	put_u16(packet, 4);
	put_u8(packet, doff << 4);
	put_u8(packet, 0x10);
	put_u16(packet, 1000);
	put_u16(packet, 0xabcd);
	put_u16(packet, 0);
	while (options--)
		put_u8(packet, 1);
}

void put_icmp(struct packet *packet, __u8 type, __u16 sequence)
{
	put_u8(packet, type);
	put_u8(packet, 0);
	put_u16(packet, 0xabcd);
	put_u16(packet, 0x4321);
	put_u16(packet, sequence);
}

__u16 plain_checksum(const void *bytes, __u32 len)
{
	const __u8 *byte = bytes;
	__u64 sum = 0;
	__u32 i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? byte[i] : byte[i] << 8;
	while (sum > 0xffff)
		sum = sum % 0x10000 + sum / 0x10000;
	return htons(~sum);
}

void packet_finish(struct packet *packet, __u32 l3)
{
	__u32 size = (packet->data[l3] & 15) * 4;
	__u16 sum;

	if (packet->data[l3] >> 4 == 6) {
		set_u16(packet, l3 + 4, packet->len - l3 - 40);
		return;
	}
	set_u16(packet, l3 + 2, packet->len - l3);
	set_u16(packet, l3 + 10, 0);
	sum = plain_checksum(packet->data + l3, size);
	memcpy(packet->data + l3 + 10, &sum, 2);
}

/* xorshift64* (Marsaglia, Vigna) */
__u32 next_random(__u64 *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 2685821657736338717ULL >> 32;
}

static __u32 random_below(__u64 *seed, __u32 limit)
{
	return next_random(seed) % limit;
}

static void random_ipv6(struct packet *packet, __u8 last, __u64 *seed)
{
	static const __u8 types[] = { IPPROTO_HOPOPTS, IPPROTO_ROUTING, IPPROTO_DSTOPTS, IPPROTO_AH,
				      IPPROTO_FRAGMENT };
	int i, count = random_below(seed, 2) ? random_below(seed, 10) : 0;
	__u8 proto[10], units;

	for (i = 0; i < count; i++)
		proto[i] = types[random_below(seed, sizeof(types))];
	proto[count] = last;
	put_ipv6(packet, proto[0]);
	for (i = 0; i < count; i++) {
		units = random_below(seed, 4);
		if (proto[i] == IPPROTO_FRAGMENT)
			units = random_below(seed, 4) ? 1 : 8;
		put_ext(packet, proto[i], proto[i + 1], units);
	}
}

void random_packet(struct packet *packet, __u64 *seed)
{
	static const __u8 protos[] = { IPPROTO_UDP, IPPROTO_TCP, IPPROTO_ICMP, IPPROTO_ICMPV6,
				       IPPROTO_SCTP };
	__u8 proto = protos[random_below(seed, sizeof(protos))];
	int tags = random_below(seed, 2) ? random_below(seed, 10) : 0;
	__u16 frag_off = random_below(seed, 4) ? 0 : next_random(seed);
	__u32 l3;

	put_macs(packet);
	while (tags--)
		put_tag(packet, random_below(seed, 2) ? 0x8100 : 0x88a8, next_random(seed));
	l3 = packet->len + 2;
	if (random_below(seed, 2))
		put_ipv4(packet, proto, random_below(seed, 11) * 4, frag_off);
	else
		random_ipv6(packet, proto, seed);
	if (proto == IPPROTO_UDP)
		put_udp(packet, 8 + random_below(seed, 40));
	else if (proto == IPPROTO_TCP)
		put_tcp(packet, 5 + random_below(seed, 11));
	else
		put_icmp(packet, 8, next_random(seed));
	for (tags = random_below(seed, 20); tags; tags--)
		put_u8(packet, next_random(seed));
	packet_finish(packet, l3);
}
