/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* parsing_helpers.h: packets of every kind, and what each parser says. */
#include <arpa/inet.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <string.h>

#include "packets.h"
#include "parsed.h"
#include "progrun.h"
#include "reference.h"
#include "tap.h"

#define BROKEN (-1)
#define FRAGMENT (-2)
#define MORE 0x2000

static int parse_prog, bare_prog;
static struct parsed *said;
static __u32 *wrong, *bare_room;

struct row {
	const char *name;
	void (*build)(struct packet *packet, int number);
	int number;
	int eth, l3, l4; /* wanted; eth in host order */
	__u32 l3_at, l4_at; /* wanted; 0: not found */
};

/* Macros of the table: what a parser is not asked is NOT_ASKED. */
#define NO_L3 NOT_ASKED, NOT_ASKED, 0, 0
#define BAD_L3 BROKEN, NOT_ASKED, 0, 0
#define NO_L4 NOT_ASKED

enum { V4 = ETH_P_IP, V6 = ETH_P_IPV6 };
enum {
	ICMP = IPPROTO_ICMP,
	TCP = IPPROTO_TCP,
	UDP = IPPROTO_UDP,
	ICMP6 = IPPROTO_ICMPV6,
};

static void arp(struct packet *packet, int type)
{
	put_macs(packet);
	put_u16(packet, type);
	put_bytes(packet, "0123456789012345678901234567890123456789", 40);
}

/* @tags tags, 802.1ad and 802.1Q in turns, outermost 802.1ad, ids from 101 */
static void tagged_udp(struct packet *packet, int tags)
{
	int i;

	put_macs(packet);
	for (i = 0; i < tags; i++)
		put_tag(packet, i % 2 ? ETH_P_8021Q : ETH_P_8021AD, 0xf000 | (101 + i));
	put_ipv4(packet, IPPROTO_UDP, 0, 0);
	put_udp(packet, 8);
	packet_finish(packet, 14 + tags * 4);
}

static void priority_tag(struct packet *packet, int tci)
{
	put_macs(packet);
	put_tag(packet, ETH_P_8021Q, tci);
	put_ipv6(packet, IPPROTO_TCP);
	put_tcp(packet, 5);
	packet_finish(packet, 18);
}

static void options(struct packet *packet, int bytes)
{
	put_macs(packet);
	put_ipv4(packet, IPPROTO_ICMP, bytes, 0);
	put_icmp(packet, ICMP_ECHO, 2);
	packet_finish(packet, 14);
}

static void set_ihl(struct packet *packet, int ihl)
{
	options(packet, 0);
	packet->data[14] = 0x40 | ihl;
}

static void set_version(struct packet *packet, int version)
{
	options(packet, 0);
	packet->data[14] = version << 4 | 5;
}

static void total_length(struct packet *packet, int length)
{
	options(packet, 0);
	set_u16(packet, 16, length);
}

/* The options say more than the total length. */
static void options_and_length(struct packet *packet, int length)
{
	options(packet, 8);
	set_u16(packet, 16, length);
}

static void fragment(struct packet *packet, int frag_off)
{
	put_macs(packet);
	put_ipv4(packet, IPPROTO_UDP, 4, frag_off);
	put_udp(packet, 3000); /* of the whole datagram */
	packet_finish(packet, 14);
}

/* IPv4 with another protocol and 8 bytes */
static void other_proto(struct packet *packet, int proto)
{
	put_macs(packet);
	put_ipv4(packet, proto, 0, 0);
	put_icmp(packet, 0, 0);
	packet_finish(packet, 14);
}

static void udp_length(struct packet *packet, int length)
{
	put_macs(packet);
	put_ipv6(packet, IPPROTO_UDP);
	put_udp(packet, length);
	put_bytes(packet, "payload!", 8);
	packet_finish(packet, 14);
}

static void udp_no_checksum(struct packet *packet, int length)
{
	udp_length(packet, length);
	set_u16(packet, 60, 0);
}

static void tcp_doff(struct packet *packet, int doff)
{
	put_macs(packet);
	put_ipv4(packet, IPPROTO_TCP, 0, 0);
	put_tcp(packet, doff);
	packet_finish(packet, 14);
}

/* A data offset that points behind the packet */
static void tcp_doff_long(struct packet *packet, int doff)
{
	tcp_doff(packet, 5);
	packet->data[14 + 20 + 12] = doff << 4;
}

/* The rest of the TCP options is Ethernet padding. */
static void tcp_doff_padding(struct packet *packet, int doff)
{
	tcp_doff_long(packet, doff);
	put_bytes(packet, "paddingpaddingpaddingpaddingpaddingpadding", 40);
}

static void icmp_type(struct packet *packet, int type)
{
	put_macs(packet);
	put_ipv4(packet, IPPROTO_ICMP, 0, 0);
	put_icmp(packet, type, 0);
	/* of an error: the header of the packet that caused it */
	put_bytes(packet, "E\0\0\x1c\0\0\0\0\x40\x11\0\0abcdefghijklmnop", 28);
	packet_finish(packet, 14);
}

static void icmp6_type(struct packet *packet, int type)
{
	put_macs(packet);
	put_ipv6(packet, IPPROTO_ICMPV6);
	put_icmp(packet, type, 0);
	packet_finish(packet, 14);
}

/* @count extension headers in front of ICMPv6, of 8 bytes to 32 */
static void chain(struct packet *packet, int count)
{
	static const __u8 types[] = { IPPROTO_HOPOPTS,	IPPROTO_DSTOPTS, IPPROTO_ROUTING,
				      IPPROTO_FRAGMENT, IPPROTO_AH,	 IPPROTO_DSTOPTS,
				      IPPROTO_AH,	IPPROTO_ROUTING, IPPROTO_DSTOPTS };
	int i, last = count - 1;

	put_macs(packet);
	put_ipv6(packet, count ? types[0] : IPPROTO_ICMPV6);
	for (i = 0; i < count; i++)
		put_ext(packet, types[i], i == last ? IPPROTO_ICMPV6 : types[i + 1],
			types[i] == IPPROTO_FRAGMENT ? MORE >> 13 : i % 4);
	put_icmp(packet, ICMPV6_ECHO_REQUEST, 7);
	packet_finish(packet, 14);
}

/* One extension header of the type, 16 bytes (AH: 12) */
static void one_ext(struct packet *packet, int type)
{
	put_macs(packet);
	put_ipv6(packet, type);
	put_ext(packet, type, IPPROTO_UDP, 1);
	put_udp(packet, 8);
	packet_finish(packet, 14);
}

/* The longest chain there is: 8 headers of 255 units */
static void long_ext(struct packet *packet, int units)
{
	put_macs(packet);
	put_ipv6(packet, IPPROTO_DSTOPTS);
	put_ext(packet, IPPROTO_DSTOPTS, IPPROTO_UDP, units);
	put_udp(packet, 8);
	packet_finish(packet, 14);
}

/* The extension header says that it is longer than the packet. */
static void ext_too_long(struct packet *packet, int next)
{
	put_macs(packet);
	put_ipv6(packet, IPPROTO_DSTOPTS);
	put_ext(packet, IPPROTO_DSTOPTS, next, 0);
	packet->data[14 + 40 + 1] = 1;
	packet_finish(packet, 14);
}

/* Fragment header with this offset field (13 bits of offset, 2, M) */
static void fragment6(struct packet *packet, int field)
{
	put_macs(packet);
	put_ipv6(packet, IPPROTO_FRAGMENT);
	put_ext(packet, IPPROTO_FRAGMENT, IPPROTO_UDP, field);
	put_udp(packet, 3000);
	packet_finish(packet, 14);
}

static void next_header(struct packet *packet, int proto)
{
	put_macs(packet);
	put_ipv6(packet, proto);
	put_icmp(packet, 1, 0);
	packet_finish(packet, 14);
}

/* IPv6 payload length; what is behind it is padding. */
static void payload_length(struct packet *packet, int length)
{
	icmp6_type(packet, ICMPV6_ECHO_REQUEST);
	set_u16(packet, 14 + 4, length);
}

/* The payload ends within the extension header, of 16 bytes. */
static void payload_ends(struct packet *packet, int length)
{
	one_ext(packet, IPPROTO_DSTOPTS);
	set_u16(packet, 14 + 4, length);
}

static void set_version6(struct packet *packet, int version)
{
	icmp6_type(packet, ICMPV6_ECHO_REQUEST);
	packet->data[14] = version << 4;
}

/* clang-format off */
static const struct row rows[] = {
{ "ARP", arp, ETH_P_ARP, ETH_P_ARP, NO_L3 },
{ "IEEE 802.3: a length, not a type", arp, 38, 38, NO_L3 },
{ "an unknown EtherType", arp, 0xffff, 0xffff, NO_L3 },
{ "QinQ's old number is no tag", arp, 0x9100, 0x9100, NO_L3 },

{ "no tag", tagged_udp, 0, V4, UDP, 0, 14, 34 },
{ "1 tag", tagged_udp, 1, V4, UDP, 0, 18, 38 },
{ "2 tags, 802.1ad and 802.1Q", tagged_udp, 2, V4, UDP, 0, 22, 42 },
{ "3 tags", tagged_udp, 3, V4, UDP, 0, 26, 46 },
{ "7 tags", tagged_udp, 7, V4, UDP, 0, 42, 62 },
{ "8 tags", tagged_udp, 8, V4, UDP, 0, 46, 66 },
{ "9 tags: the ninth is what comes next", tagged_udp, 9, ETH_P_8021AD, NO_L3 },
{ "10 tags", tagged_udp, 10, ETH_P_8021AD, NO_L3 },
{ "a priority tag: id 0", priority_tag, 0xe000, V6, TCP, 20, 18, 58 },
{ "id 4095", priority_tag, 0xffff, V6, TCP, 20, 18, 58 },

{ "IPv4, no options", options, 0, V4, ICMP, 8, 14, 34 },
{ "IPv4, 4 bytes of options", options, 4, V4, ICMP, 8, 14, 38 },
{ "IPv4, 20 bytes of options", options, 20, V4, ICMP, 8, 14, 54 },
{ "IPv4, 36 bytes of options", options, 36, V4, ICMP, 8, 14, 70 },
{ "IPv4, 40 bytes of options", options, 40, V4, ICMP, 8, 14, 74 },
{ "ihl 0", set_ihl, 0, V4, BAD_L3 },
{ "ihl 1", set_ihl, 1, V4, BAD_L3 },
{ "ihl 4", set_ihl, 4, V4, BAD_L3 },
{ "ihl 7 where the packet has 28 bytes: no room for ICMP", set_ihl, 7, V4, ICMP, BROKEN, 14, 0 },
{ "ihl 8: longer than total length", set_ihl, 8, V4, BAD_L3 },
{ "version 6 in a packet that is said to be IPv4", set_version, 6, V4, BAD_L3 },
{ "version 0", set_version, 0, V4, BAD_L3 },
{ "total length 0", total_length, 0, V4, BAD_L3 },
{ "total length below the header", total_length, 19, V4, BAD_L3 },
{ "total length: header only, the ICMP is padding", total_length, 20, V4, ICMP, BROKEN, 14, 0 },
{ "total length cuts ICMP by a byte", total_length, 27, V4, ICMP, BROKEN, 14, 0 },
{ "total length just right", total_length, 28, V4, ICMP, 8, 14, 34 },
{ "total length beyond the packet", total_length, 29, V4, ICMP, 8, 14, 34 },
{ "total length 65535", total_length, 65535, V4, ICMP, 8, 14, 34 },
{ "total length below the options", options_and_length, 27, V4, BAD_L3 },
{ "total length ends with the options", options_and_length, 28, V4, ICMP, BROKEN, 14, 0 },
{ "don't fragment is no fragment", fragment, 0x4000, V4, UDP, 2992, 14, 38 },
{ "IPv4, first fragment", fragment, MORE, V4, UDP, 2992, 14, 38 },
{ "IPv4, middle fragment", fragment, MORE | 185, V4, FRAGMENT, NO_L4, 14, 0 },
{ "IPv4, last fragment", fragment, 370, V4, FRAGMENT, NO_L4, 14, 0 },
{ "IPv4, smallest offset", fragment, 1, V4, FRAGMENT, NO_L4, 14, 0 },
{ "IPv4, largest offset", fragment, 0x1fff, V4, FRAGMENT, NO_L4, 14, 0 },
{ "IPv4, protocol 0", other_proto, 0, V4, 0, NO_L4, 14, 0 },
{ "IPv4, SCTP", other_proto, 132, V4, 132, NO_L4, 14, 0 },
{ "IPv4, protocol 255", other_proto, 255, V4, 255, NO_L4, 14, 0 },

{ "ICMP echo reply, type 0", icmp_type, 0, V4, ICMP, 0, 14, 34 },
{ "ICMP error", icmp_type, ICMP_DEST_UNREACH, V4, ICMP, 3, 14, 34 },
{ "ICMP type 255", icmp_type, 255, V4, ICMP, 255, 14, 34 },
{ "ICMPv6 error", icmp6_type, ICMPV6_PKT_TOOBIG, V6, ICMP6, 2, 14, 54 },
{ "ICMPv6 echo request", icmp6_type, 128, V6, ICMP6, 128, 14, 54 },

{ "UDP, length right", udp_length, 16, V6, UDP, 8, 14, 54 },
{ "UDP, header only", udp_length, 8, V6, UDP, 0, 14, 54 },
{ "UDP, length 0", udp_length, 0, V6, UDP, BROKEN, 14, 0 },
{ "UDP, length 7", udp_length, 7, V6, UDP, BROKEN, 14, 0 },
{ "UDP, length beyond the packet", udp_length, 17, V6, UDP, 9, 14, 54 },
{ "UDP, length 65535", udp_length, 65535, V6, UDP, 65527, 14, 54 },
{ "UDP, no checksum", udp_no_checksum, 16, V6, UDP, 8, 14, 54 },

{ "TCP, no options", tcp_doff, 5, V4, TCP, 20, 14, 34 },
{ "TCP, 4 bytes of options", tcp_doff, 6, V4, TCP, 24, 14, 34 },
{ "TCP, 40 bytes of options", tcp_doff, 15, V4, TCP, 60, 14, 34 },
{ "TCP, data offset 0", tcp_doff, 0, V4, TCP, BROKEN, 14, 0 },
{ "TCP, data offset 4", tcp_doff, 4, V4, TCP, BROKEN, 14, 0 },
{ "TCP, data offset one word too long", tcp_doff_long, 6, V4, TCP, BROKEN, 14, 0 },
{ "TCP, data offset 15 without options", tcp_doff_long, 15, V4, TCP, BROKEN, 14, 0 },
{ "TCP, options that are padding", tcp_doff_padding, 6, V4, TCP, BROKEN, 14, 0 },

{ "IPv6, no extension header", chain, 0, V6, ICMP6, 128, 14, 54 },
{ "IPv6, 1 extension header", chain, 1, V6, ICMP6, 128, 14, 62 },
{ "IPv6, 2", chain, 2, V6, ICMP6, 128, 14, 78 },
{ "IPv6, 3", chain, 3, V6, ICMP6, 128, 14, 102 },
{ "IPv6, 4, a fragment header of a first fragment", chain, 4, V6, ICMP6, 128, 14, 110 },
{ "IPv6, 5, AH", chain, 5, V6, ICMP6, 128, 14, 118 },
{ "IPv6, 6", chain, 6, V6, ICMP6, 128, 14, 134 },
{ "IPv6, 7", chain, 7, V6, ICMP6, 128, 14, 150 },
{ "IPv6, 8", chain, 8, V6, ICMP6, 128, 14, 182 },
{ "IPv6, 9: one too many", chain, 9, V6, BAD_L3 },
{ "IPv6, hop-by-hop options", one_ext, 0, V6, UDP, 0, 14, 70 },
{ "IPv6, routing header", one_ext, 43, V6, UDP, 0, 14, 70 },
{ "IPv6, destination options", one_ext, 60, V6, UDP, 0, 14, 70 },
{ "IPv6, authentication header: units of 4 bytes", one_ext, 51, V6, UDP, 0, 14, 66 },
{ "IPv6, longest destination options that fit here", long_ext, 200, V6, UDP, 0, 14, 1662 },
{ "IPv6, extension header longer than the packet", ext_too_long, UDP, V6, BAD_L3 },
{ "IPv6, the same, and nothing behind it", ext_too_long, IPPROTO_NONE, V6, BAD_L3 },
{ "IPv6, atomic fragment", fragment6, 0, V6, UDP, 2992, 14, 62 },
{ "IPv6, first fragment", fragment6, 1, V6, UDP, 2992, 14, 62 },
{ "IPv6, reserved bits are no offset", fragment6, 7, V6, UDP, 2992, 14, 62 },
{ "IPv6, middle fragment", fragment6, 1448 | 1, V6, FRAGMENT, NO_L4, 14, 0 },
{ "IPv6, last fragment", fragment6, 2896, V6, FRAGMENT, NO_L4, 14, 0 },
{ "IPv6, smallest offset", fragment6, 8, V6, FRAGMENT, NO_L4, 14, 0 },
{ "IPv6, largest offset", fragment6, 0xfff8, V6, FRAGMENT, NO_L4, 14, 0 },
{ "IPv6, no next header", next_header, IPPROTO_NONE, V6, 59, NO_L4, 14, 0 },
{ "IPv6, ESP", next_header, IPPROTO_ESP, V6, 50, NO_L4, 14, 0 },
{ "IPv6, mobility header", next_header, 135, V6, 135, NO_L4, 14, 0 },
{ "IPv6, 64: 0 with a bit more", next_header, 64, V6, 64, NO_L4, 14, 0 },
{ "IPv6, unknown next header 253", next_header, 253, V6, 253, NO_L4, 14, 0 },
{ "IPv6, payload length 0", payload_length, 0, V6, ICMP6, BROKEN, 14, 0 },
{ "IPv6, payload length cuts ICMPv6 by a byte", payload_length, 7, V6, ICMP6, BROKEN, 14, 0 },
{ "IPv6, payload length beyond the packet", payload_length, 9, V6, ICMP6, 128, 14, 54 },
{ "IPv6, payload ends within the extension header", payload_ends, 15, V6, BAD_L3 },
{ "IPv6, payload ends with the extension header", payload_ends, 16, V6, UDP, BROKEN, 14, 0 },
{ "version 4 in a packet that is said to be IPv6", set_version6, 4, V6, BAD_L3 },
};
/* clang-format on */

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void show(const char *who, const struct parsed *parsed)
{
	printf("# %s eth %d l3 %d l4 %d common %d fragment %u in parts %u", who, parsed->eth,
	       parsed->l3, parsed->l4, parsed->common, parsed->fragment, parsed->in_parts);
	printf(" l3_at %u l4_at %u l3_end %u l4_end %u; %u tags:", parsed->l3_at, parsed->l4_at,
	       parsed->l3_end, parsed->l4_end, parsed->vlans);
	for (int i = 0; i < 8; i++)
		printf(" %u", parsed->vlan[i]);
	printf("\n");
}

static void show_packet(const struct packet *packet)
{
	printf("# ");
	for (__u32 i = 0; i < packet->len; i++)
		printf("%02x", packet->data[i]);
	printf("\n");
}

static bool row_is(const struct row *row)
{
	return said->eth == htons(row->eth) && said->l3 == row->l3 && said->l4 == row->l4 &&
	       said->l3_at == row->l3_at && said->l4_at == row->l4_at && !*wrong;
}

/* Does the reference say what the program has just said? */
static bool same_as_reference(const struct packet *packet)
{
	struct parsed reference;

	reference_parse(packet, &reference);
	if (!memcmp(said, &reference, sizeof(reference)) && !*wrong)
		return true;
	show_packet(packet);
	show("program  ", said);
	show("reference", &reference);
	printf("# %u contradictions\n", *wrong);
	*wrong = 0;
	return false;
}

static void test_rows(void)
{
	struct packet packet;

	for (const struct row *row = rows; row < rows + ROWS; row++) {
		row->build(&packet, row->number);
		progrun(parse_prog, &packet, NULL);
		if (!ok(row_is(row) && same_as_reference(&packet), row->name))
			show("got", said);
	}
}

static void test_vlan_ids(void)
{
	static const int counts[] = { 0, 1, 2, 8, 9 };
	char name[64];

	for (unsigned int i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct packet packet;
		int count = counts[i] > 8 ? 8 : counts[i], good = 1;

		tagged_udp(&packet, counts[i]);
		progrun(parse_prog, &packet, NULL);
		for (int tag = 0; tag < 8; tag++)
			good &= said->vlan[tag] == (tag < count ? 101 + tag : 0);
		snprintf(name, sizeof(name), "the ids of %d tags", counts[i]);
		ok(good && said->vlans == (__u32)count, name);
	}
}

/* A layer is there when the packet reaches to its end, and not before. */
static bool layers_match(const struct parsed *full, __u32 len)
{
	__u32 eth_end = 14 + full->vlans * 4;

	if (len < eth_end)
		return said->eth == BROKEN && said->l3 == NOT_ASKED;
	if (said->eth != full->eth)
		return false;
	if (full->l3 == NOT_ASKED || len < full->l3_end)
		return said->l3 == (full->l3 == NOT_ASKED ? NOT_ASKED : BROKEN);
	if (said->l3 != full->l3)
		return false;
	if (full->l4 == NOT_ASKED || len < full->l4_end)
		return said->l4 == (full->l4 == NOT_ASKED ? NOT_ASKED : BROKEN);
	return said->l4 == full->l4;
}

/* Every packet of the table that has no fault, cut at every byte */
static void test_truncated(void)
{
	struct packet packet;
	struct parsed full;
	__u32 cuts = 0, bad = 0, len;

	for (const struct row *row = rows; row < rows + ROWS; row++) {
		row->build(&packet, row->number);
		progrun(parse_prog, &packet, NULL);
		full = *said;
		if (full.l3 == BROKEN || full.l4 == BROKEN)
			continue;
		for (len = packet.len; len-- > 14; cuts++) {
			packet.len = len;
			progrun(parse_prog, &packet, NULL);
			if (layers_match(&full, len) && same_as_reference(&packet))
				continue;
			if (!bad++)
				printf("# %s, cut to %u\n", row->name, len);
		}
	}
	ok(cuts > 5000 && !bad, "cut at every byte: found only what is whole");
}

static void change(struct packet *packet, __u64 *seed)
{
	static const __u8 values[] = { 0,    1,	   4,	 5,    6,    8,	   17,	 43,
				       44,   51,   58,	 60,   0x40, 0x45, 0x60, 0x7f,
				       0x80, 0x81, 0x86, 0x88, 0xdd, 0xff };
	int count = next_random(seed) % 4;

	while (count--) {
		__u32 at = 12 + next_random(seed) % (packet->len - 12);
		__u32 value = next_random(seed);

		packet->data[at] = value & 0x100 ? value : values[value % sizeof(values)];
	}
	if (next_random(seed) % 4 == 0)
		packet->len = 14 + next_random(seed) % (packet->len - 13);
}

/* Random packets with random faults: both parsers agree. */
static void test_random(int count)
{
	__u64 seed = 20261120;
	struct packet packet;
	int i, bad = 0, found = 0, fragments = 0, broken = 0;

	for (i = 0; i < count && bad < 5; i++) {
		random_packet(&packet, &seed);
		change(&packet, &seed);
		progrun(parse_prog, &packet, NULL);
		bad += !same_as_reference(&packet);
		found += said->l4 >= 0;
		fragments += said->l3 == FRAGMENT;
		broken += said->l3 == BROKEN || said->l4 == BROKEN;
	}
	printf("# %d packets: %d to the end, %d fragments, %d broken\n", i, found, fragments,
	       broken);
	is_int(bad, 0, "random packets: as the reference says");
	ok(found > count / 8 && fragments > count / 32 && broken > count / 8,
	   "random packets: enough of each kind");
}

/* skip_ip6hdrext and parse_udphdr where no IP header was read before */
static void test_bare(void)
{
	struct packet packet;

	put_macs(&packet);
	put_u16(&packet, IPPROTO_DSTOPTS);
	put_ext(&packet, IPPROTO_DSTOPTS, IPPROTO_UDP, 1);
	put_udp(&packet, 8);
	*bare_room = 0;
	progrun(bare_prog, &packet, NULL);
	ok(said->l3 == IPPROTO_UDP && said->l3_end == 30 && !said->l4 && said->l4_end == 38,
	   "a cursor set by hand: the packet is the only limit");
	*bare_room = 24 + 1;
	progrun(bare_prog, &packet, NULL);
	ok(said->l3 == IPPROTO_UDP && !said->l4 && said->l4_end == 38,
	   "room for 24 bytes is enough");
	*bare_room = 23 + 1;
	progrun(bare_prog, &packet, NULL);
	ok(said->l3 == IPPROTO_UDP && said->l4 == BROKEN && said->l4_end == 30,
	   "room for 23 bytes is not");
	*bare_room = 15 + 1;
	progrun(bare_prog, &packet, NULL);
	ok(said->l3 == BROKEN && said->l3_end == 14,
	   "no room for the extension header: the cursor stays");
	*bare_room = 0 + 1;
	progrun(bare_prog, &packet, NULL);
	ok(said->l3 == BROKEN && said->l3_end == 14, "no room at all");
}

int main(void)
{
	struct bpf_object *obj = progrun_load("parse_kern.o");
	struct parse_test *test = progrun_globals(obj, sizeof(*test));

	parse_prog = progrun_prog(obj, "parse_func");
	bare_prog = progrun_prog(obj, "bare_func");
	said = &test->parsed;
	wrong = &test->wrong;
	bare_room = &test->bare_room;
	test_rows();
	test_vlan_ids();
	test_truncated();
	test_random(200000);
	test_bare();
	bpf_object__close(obj);
	return tap_done();
}
