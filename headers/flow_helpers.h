/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The flow that a packet belongs to, as a number: the same for all packets of
 * the flow and for those that answer them, whichever way they come. Taught in
 * packet04-cpumap.
 *
 * A flow has two ends, each an address and a port. Each end is made a number
 * of its own, in which every bit depends on every bit; the two are added, so
 * that their order does not matter; then comes the protocol. What came in
 * parts, has no ports, or is cut off before them, is a flow of its two
 * addresses: so all parts of a datagram belong together, and so do all that
 * two hosts exchange by ICMP.
 *
 * The number is the same at any time, and on all machines of one byte order.
 * Who knows that can make many flows of one number.
 */
#ifndef FLOW_HELPERS_H
#define FLOW_HELPERS_H

#include <linux/types.h>
#include <linux/in6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"

/* Two ports are what UDP, TCP and some others begin with. */
struct flow_ports {
	__be16 source;
	__be16 dest;
};

/* The golden ratio less 1, of 2^64: odd, and without a pattern in its bits */
#define FLOW_MULTIPLIER 0x9e3779b97f4a7c15ULL

typedef __u64 __attribute__((may_alias)) flow_u64;

/*
 * Works @word into @hash. The product moves each bit up into all those above
 * it, the shift brings those down again. No two words give the same from one
 * @hash.
 */
static __always_inline __u64 flow_mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * FLOW_MULTIPLIER;
	return hash ^ hash >> 32;
}

/* All 128 bits of an IPv6 address */
static __always_inline __u64 flow_mix_ip6(const struct in6_addr *addr)
{
	const flow_u64 *half = (const flow_u64 *)addr;

	return flow_mix(flow_mix(0, half[0]), half[1]);
}

static __always_inline int proto_has_ports(int proto)
{
	switch (proto) {
	case IPPROTO_UDP:
	case IPPROTO_TCP:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
	case IPPROTO_UDPLITE:
		return 1;
	}
	return 0;
}

/*
 * The ports at the cursor, which IP has left behind its header, where @proto
 * has any. Returns @proto; or 0, with ports of 0, where the packet has none.
 */
static __always_inline int flow_ports(const struct hdr_cursor *nh, void *data_end, int proto,
				      struct flow_ports *ports)
{
	const struct flow_ports *head = nh->pos;

	ports->source = ports->dest = 0;
	if (nh->in_parts || !proto_has_ports(proto) || !hdr_fits(nh, data_end, sizeof(*head)))
		return 0;
	*ports = *head;
	return proto;
}

/* What all packets of one direction have in common */
struct flow {
	__u64 source; /* the addresses, mixed */
	__u64 dest;
	struct flow_ports ports;
	int proto; /* 0 where there are no ports */
};

/*
 * The flow of the packet that begins at @data, behind any VLAN tags. Returns 0;
 * PARSE_BROKEN for what has no IP header, or none that can be read, and then
 * *@flow is not to be used.
 */
static __always_inline int flow_parse(void *data, void *data_end, struct flow *flow)
{
	struct hdr_cursor nh = { .pos = data };
	struct ipv6hdr *ip6h;
	struct ethhdr *eth;
	struct iphdr *iph;
	int proto;

	switch (parse_ethhdr(&nh, data_end, &eth)) {
	case bpf_htons(ETH_P_IP):
		proto = parse_iphdr(&nh, data_end, &iph);
		if (proto == PARSE_BROKEN)
			return PARSE_BROKEN;
		flow->source = flow_mix(0, iph->saddr);
		flow->dest = flow_mix(0, iph->daddr);
		break;
	case bpf_htons(ETH_P_IPV6):
		proto = parse_ip6hdr(&nh, data_end, &ip6h);
		if (proto == PARSE_BROKEN)
			return PARSE_BROKEN;
		flow->source = flow_mix_ip6(&ip6h->saddr);
		flow->dest = flow_mix_ip6(&ip6h->daddr);
		break;
	default:
		return PARSE_BROKEN;
	}
	flow->proto = flow_ports(&nh, data_end, proto, &flow->ports);
	return 0;
}

/* The number of @flow, which is that of its other direction as well. */
static __always_inline __u32 flow_hash(const struct flow *flow)
{
	__u64 source = flow_mix(flow->source, flow->ports.source);
	__u64 dest = flow_mix(flow->dest, flow->ports.dest);

	return flow_mix(source + dest, flow->proto);
}

#endif /* FLOW_HELPERS_H */
