/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Parsers for the headers of a packet. Each takes one step, to the next header:
 *
 *	struct hdr_cursor nh = { .pos = data };
 *	struct ethhdr *eth;
 *	struct iphdr *iph;
 *
 *	if (parse_ethhdr(&nh, data_end, &eth) == bpf_htons(ETH_P_IP) &&
 *	    parse_iphdr(&nh, data_end, &iph) == IPPROTO_UDP)
 *		...
 *
 * A parser reads the header at the cursor, never a byte at or behind
 * @data_end. Where it likes the header, it lets the pointer point to it, moves
 * the cursor behind the whole header, options included, and returns a number
 * that is not negative: what comes next. 16-bit numbers (EtherTypes) are in
 * network byte order, so that a comparison needs no swap at run time. Behind
 * UDP and TCP comes data: their parsers return a length.
 *
 * PARSE_BROKEN (the packet ends within the header, or a field of it cannot be
 * true) leaves pointer and cursor as they were. PARSE_FRAGMENT is the later
 * part of a datagram: pointer and cursor are set, but what follows is data and
 * not the header of a protocol. So "less than 0" is all that a program needs
 * to ask before it leaves a packet alone.
 *
 * How the bounds check itself works: lesson packet01-parsing.
 */

#ifndef PARSING_HELPERS_H
#define PARSING_HELPERS_H

#include <linux/types.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* What a parser may answer instead of what comes next. */
enum parse_error {
	PARSE_BROKEN = -1,
	PARSE_FRAGMENT = -2,
};

/* The most VLAN tags, and IPv6 extension headers, that are looked behind */
#define VLAN_MAX_DEPTH 8
#define IPV6_EXT_MAX_CHAIN 8

/* Offset of a fragment in its datagram, and what says that another follows:
 * IPv4 (RFC 791, 3.1), in units of 8 bytes; IPv6 (RFC 8200, 4.5).
 */
#define IP_FRAG_OFFSET 0x1fff
#define IP_FRAG_MORE 0x2000
#define IP6_FRAG_OFFSET 0xfff8
#define IP6_FRAG_MORE 0x0001

/*
 * Where parsing has come to. Set @pos to the start of the packet, and leave
 * out @room: it is for what the length in an IP header says of the rest, since
 * bytes behind that are padding, whatever they look like; and @in_parts.
 */
struct hdr_cursor {
	void *pos;
	__u32 room; /* bytes that belong to the datagram + 1; 0: not known */
	__u32 in_parts; /* set by IP: not 0 for any part of a datagram */
};

/* A VLAN tag (IEEE 802.1Q) as it follows the two MAC addresses and the type
 * that announced it.
 */
struct vlan_hdr {
	__be16 h_vlan_TCI;
	__be16 h_vlan_encapsulated_proto;
};

/* The tags found in front of the payload: their ids, outermost first, in host
 * byte order. Those that are not there are 0.
 */
struct collect_vlans {
	__u16 id[VLAN_MAX_DEPTH];
	__u32 count;
};

#define VLAN_VID_MASK 0x0fff

/* What ICMP and ICMPv6 have in common (RFC 792, RFC 4443) */
struct icmphdr_common {
	__u8 type;
	__u8 code;
	__sum16 cksum;
};

/* How every IPv6 extension header begins; none is shorter (RFC 8200, 4) */
struct ip6_ext {
	__u8 nexthdr;
	__u8 hdrlen; /* in a unit that depends on the header */
	__be16 frag_off; /* of a fragment header; of others, some data */
	__be32 data;
};

/* The EtherType, in network byte order: one load, where clang reads a field of
 * struct ethhdr, which is packed, byte by byte.
 */
typedef __be16 __attribute__((may_alias)) eth_be16;

static __always_inline __be16 eth_proto(const struct ethhdr *eth)
{
	return *(const eth_be16 *)((const void *)eth + 2 * ETH_ALEN);
}

/* Does @h_proto (network byte order) announce a VLAN tag? */
static __always_inline int proto_is_vlan(__u16 h_proto)
{
	return h_proto == bpf_htons(ETH_P_8021Q) || h_proto == bpf_htons(ETH_P_8021AD);
}

/* Does a header of @size bytes end within packet and datagram? */
static __always_inline int hdr_fits(const struct hdr_cursor *nh, void *data_end, __u32 size)
{
	/* A room that is not known, 0, becomes the largest number. */
	return nh->pos + size <= data_end && size <= nh->room - 1;
}

/*
 * Moves the cursor to @pos, at most @mask (a power of 2, less 1) bytes further;
 * returns how many. This goes a long way round, for the verifier: it follows
 * every way through a loop that may end early, and all that comes behind the
 * loop once for each of them. A distance of which it knows nothing but the mask
 * makes one way of them; else their number multiplies from header to header.
 */
static __always_inline __u64 hdr_advance(struct hdr_cursor *nh, void *pos, __u64 mask)
{
	__u64 distance;

	barrier_var(pos); /* or clang knows the distance of each way */
	distance = pos - nh->pos;
	barrier_var(distance); /* or it subtracts the lower halves only */
	distance &= mask;
	nh->pos += distance;
	return distance;
}

/*
 * The Ethernet header and up to VLAN_MAX_DEPTH tags, 802.1Q and 802.1ad in any
 * order; @vlans, where not NULL, gets their ids, and is set even if the packet
 * is broken. Returns the EtherType behind the last tag in network byte order:
 * of an IEEE 802.3 frame that is a length, below ETH_P_802_3_MIN; of a packet
 * with more tags that of the next tag.
 */
static __always_inline int parse_ethhdr_vlan(struct hdr_cursor *nh, void *data_end,
					     struct ethhdr **ethhdr, struct collect_vlans *vlans)
{
	struct ethhdr *eth = nh->pos;
	struct vlan_hdr *tag;
	__u16 h_proto;
	int i;

	if (vlans)
		__builtin_memset(vlans, 0, sizeof(*vlans));
	if ((void *)(eth + 1) > data_end)
		return PARSE_BROKEN;
	h_proto = eth_proto(eth);
	tag = (void *)(eth + 1);

#pragma unroll
	for (i = 0; i < VLAN_MAX_DEPTH; i++) {
		if (!proto_is_vlan(h_proto))
			break;
		if ((void *)(tag + 1) > data_end)
			return PARSE_BROKEN;
		h_proto = tag->h_vlan_encapsulated_proto;
		if (vlans) {
			vlans->id[i] = bpf_ntohs(tag->h_vlan_TCI) & VLAN_VID_MASK;
			vlans->count = i + 1;
		}
		tag++;
	}
	*ethhdr = eth;
	hdr_advance(nh, tag, 0x3f);
	return h_proto;
}

/* As parse_ethhdr_vlan, for who does not ask which tags there were. */
static __always_inline int parse_ethhdr(struct hdr_cursor *nh, void *data_end,
					struct ethhdr **ethhdr)
{
	return parse_ethhdr_vlan(nh, data_end, ethhdr, NULL);
}

/* Is this any part of a datagram that was sent in parts? */
static __always_inline int ip_is_fragment(const struct iphdr *iph)
{
	return !!(iph->frag_off & bpf_htons(IP_FRAG_MORE | IP_FRAG_OFFSET));
}

/*
 * IPv4 with its options (RFC 791). Returns the protocol, a number of one byte;
 * PARSE_FRAGMENT for any fragment but the first. A total length that is larger
 * than the packet is not broken: a program may see the first part only of what
 * a card received ("xdp.frags").
 */
static __always_inline int parse_iphdr(struct hdr_cursor *nh, void *data_end, struct iphdr **iphdr)
{
	struct iphdr *iph = nh->pos;
	__u32 hdrsize, length;

	if (!hdr_fits(nh, data_end, sizeof(*iph)))
		return PARSE_BROKEN;
	hdrsize = iph->ihl * 4;
	length = bpf_ntohs(iph->tot_len);
	if (iph->version != 4 || hdrsize < sizeof(*iph) || length < hdrsize)
		return PARSE_BROKEN;
	if (nh->pos + hdrsize > data_end)
		return PARSE_BROKEN;

	*iphdr = iph;
	nh->pos += hdrsize;
	nh->room = length - hdrsize + 1;
	nh->in_parts = ip_is_fragment(iph);
	if (iph->frag_off & bpf_htons(IP_FRAG_OFFSET))
		return PARSE_FRAGMENT;
	return iph->protocol;
}

/* Is @proto an IPv6 extension header that skip_ip6hdrext goes past? */
static __always_inline int proto_is_ip6ext(__u8 proto)
{
	switch (proto) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_FRAGMENT:
	case IPPROTO_AH:
	case IPPROTO_DSTOPTS:
		return 1;
	}
	return 0;
}

/* Bytes of an extension header: RFC 8200, 4.3 to 4.6; AH: RFC 4302, 2.2 */
static __always_inline __u32 ip6ext_size(const struct ip6_ext *ext, __u8 proto)
{
	switch (proto) {
	case IPPROTO_FRAGMENT:
		return sizeof(*ext);
	case IPPROTO_AH:
		return (ext->hdrlen + 2) * 4;
	}
	return (ext->hdrlen + 1) * 8;
}

/* The chain ends at @pos: is that within packet and datagram? */
static __always_inline int ip6ext_done(struct hdr_cursor *nh, void *data_end, void *pos,
				       __u32 in_parts, int result)
{
	struct hdr_cursor next = *nh;
	__u64 used = hdr_advance(&next, pos, 0x7fff);

	if (next.pos > data_end || used > nh->room - 1)
		return PARSE_BROKEN;
	next.room -= used;
	next.in_parts = in_parts;
	*nh = next;
	return result;
}

/*
 * Up to IPV6_EXT_MAX_CHAIN extension headers: hop-by-hop, routing, destination
 * options, authentication and fragment headers, in any order. The first is a
 * @proto, as the header before says. Returns the protocol behind them, a number
 * of one byte (IPPROTO_NONE where nothing follows, any number that is none of
 * the above); PARSE_FRAGMENT for any fragment but the first; PARSE_BROKEN also
 * for a chain that is longer.
 */
static __always_inline int skip_ip6hdrext(struct hdr_cursor *nh, void *data_end, __u8 proto)
{
	void *pos = nh->pos;
	__u32 in_parts = 0;
	struct ip6_ext *ext;
	int i;

#pragma unroll
	for (i = 0; i < IPV6_EXT_MAX_CHAIN; i++) {
		ext = pos;
		if (!proto_is_ip6ext(proto))
			return ip6ext_done(nh, data_end, pos, in_parts, proto);
		if ((void *)(ext + 1) > data_end)
			return PARSE_BROKEN;
		pos += ip6ext_size(ext, proto);
		if (proto == IPPROTO_FRAGMENT)
			in_parts |= ext->frag_off & bpf_htons(IP6_FRAG_OFFSET | IP6_FRAG_MORE);
		if (proto == IPPROTO_FRAGMENT && ext->frag_off & bpf_htons(IP6_FRAG_OFFSET))
			return ip6ext_done(nh, data_end, pos, in_parts, PARSE_FRAGMENT);
		proto = ext->nexthdr;
	}
	if (proto_is_ip6ext(proto))
		return PARSE_BROKEN;
	return ip6ext_done(nh, data_end, pos, in_parts, proto);
}

/*
 * IPv6 (RFC 8200) with its extension headers; what it returns is what
 * skip_ip6hdrext returns. A payload length of 0 leaves no room for anything:
 * jumbograms (RFC 2675) do not fit into XDP.
 */
static __always_inline int parse_ip6hdr(struct hdr_cursor *nh, void *data_end,
					struct ipv6hdr **ip6hdr)
{
	struct ipv6hdr *ip6h = nh->pos;
	struct hdr_cursor next;
	int proto;

	if (!hdr_fits(nh, data_end, sizeof(*ip6h)) || ip6h->version != 6)
		return PARSE_BROKEN;
	next.pos = ip6h + 1;
	next.room = bpf_ntohs(ip6h->payload_len) + 1;
	proto = skip_ip6hdrext(&next, data_end, ip6h->nexthdr);
	if (proto == PARSE_BROKEN)
		return PARSE_BROKEN;
	*ip6hdr = ip6h;
	*nh = next;
	return proto;
}

/* Moves the cursor behind a header of @size bytes. */
static __always_inline void hdr_take(struct hdr_cursor *nh, __u32 size)
{
	nh->pos += size;
	nh->room -= size;
}

/* ICMP (RFC 792): 8 bytes. Returns the type, a number of one byte. */
static __always_inline int parse_icmphdr(struct hdr_cursor *nh, void *data_end,
					 struct icmphdr **icmphdr)
{
	struct icmphdr *icmph = nh->pos;

	if (!hdr_fits(nh, data_end, sizeof(*icmph)))
		return PARSE_BROKEN;
	*icmphdr = icmph;
	hdr_take(nh, sizeof(*icmph));
	return icmph->type;
}

/* ICMPv6 (RFC 4443): 8 bytes. Returns the type, a number of one byte. */
static __always_inline int parse_icmp6hdr(struct hdr_cursor *nh, void *data_end,
					  struct icmp6hdr **icmp6hdr)
{
	struct icmp6hdr *icmp6h = nh->pos;

	if (!hdr_fits(nh, data_end, sizeof(*icmp6h)))
		return PARSE_BROKEN;
	*icmp6hdr = icmp6h;
	hdr_take(nh, sizeof(*icmp6h));
	return icmp6h->icmp6_type;
}

/* The 4 bytes that ICMP and ICMPv6 both begin with. Returns the type. */
static __always_inline int parse_icmphdr_common(struct hdr_cursor *nh, void *data_end,
						struct icmphdr_common **icmphdr)
{
	struct icmphdr_common *icmph = nh->pos;

	if (!hdr_fits(nh, data_end, sizeof(*icmph)))
		return PARSE_BROKEN;
	*icmphdr = icmph;
	hdr_take(nh, sizeof(*icmph));
	return icmph->type;
}

/*
 * UDP (RFC 768). Returns the bytes of payload that its length announces, in
 * host byte order; a length below that of the header is broken. The packet may
 * hold less: the first fragment announces the payload of all of them.
 */
static __always_inline int parse_udphdr(struct hdr_cursor *nh, void *data_end,
					struct udphdr **udphdr)
{
	struct udphdr *udph = nh->pos;
	int length;

	if (!hdr_fits(nh, data_end, sizeof(*udph)))
		return PARSE_BROKEN;
	length = bpf_ntohs(udph->len) - (int)sizeof(*udph);
	if (length < 0)
		return PARSE_BROKEN;
	*udphdr = udph;
	hdr_take(nh, sizeof(*udph));
	return length;
}

/* TCP with its options (RFC 9293). Returns the bytes of both, 20 to 60. */
static __always_inline int parse_tcphdr(struct hdr_cursor *nh, void *data_end,
					struct tcphdr **tcphdr)
{
	struct tcphdr *tcph = nh->pos;
	__u32 size;

	if (!hdr_fits(nh, data_end, sizeof(*tcph)))
		return PARSE_BROKEN;
	size = tcph->doff * 4;
	if (size < sizeof(*tcph) || !hdr_fits(nh, data_end, size))
		return PARSE_BROKEN;
	*tcphdr = tcph;
	hdr_take(nh, size);
	return size;
}

#endif /* PARSING_HELPERS_H */
