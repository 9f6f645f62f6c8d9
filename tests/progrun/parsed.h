/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What parse_kern.c says of a packet; reference.c must say the same. */
#ifndef TESTS_PARSED_H
#define TESTS_PARSED_H

#include <linux/types.h>

/* The result of a parser that was not asked */
#define NOT_ASKED (-100)

/* Offsets are bytes from the start of the packet. */
struct parsed {
	__s32 eth; /* parse_ethhdr_vlan */
	__s32 l3; /* parse_iphdr, parse_ip6hdr */
	__s32 l4; /* parse_udphdr, parse_tcphdr, parse_icmphdr .. */
	__s32 common; /* parse_icmphdr_common, for both ICMPs */
	__u32 l3_at; /* the IP header, 0 if none was found */
	__u32 l4_at;
	__u32 l3_end; /* where the cursor stood after each step */
	__u32 l4_end;
	__u32 fragment; /* ip_is_fragment */
	__u32 in_parts; /* of the cursor, behind IP: 0 or 1 */
	__u32 vlans;
	__u16 vlan[8];
};

/* The global variable of parse_kern.c */
struct parse_test {
	struct parsed parsed;
	/* Parsers that should say the same and do not; pointers and cursors
	 * that a failing parser has moved
	 */
	__u32 wrong;
	__u32 bare_room; /* what the cursor of bare_func begins with */
};

#endif /* TESTS_PARSED_H */
