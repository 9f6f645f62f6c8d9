/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Which packets are ours, for both engines: an echo reply has the id of a
 * request and comes from a target; an ICMP error quotes the request, with its id
 * and its destination. These fields are the key, and the map of rules decides.
 */
#ifndef MATCH_KERN_H
#define MATCH_KERN_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "xdp_ping.h"

/* The command makes it as large as it has rules. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct ping_rule);
	__type(value, struct ping_hit);
} ping_rule_map SEC(".maps");

/* The fields of a message; of an ICMP error, those of the request it quotes. */
struct match {
	struct ping_rule rule;
	struct in6_addr from; /* the sender of the message */
	__be16 sequence;
	__u8 code;
	__u8 is_reply;
};

static __always_inline void match_ids(struct match *match, __be16 id, __be16 sequence)
{
	match->rule.id = id;
	match->sequence = sequence;
}

/* A message that ends in its first 8 bytes: it has no id. */
static __always_inline int match_cut(struct match *match, __u8 reply)
{
	match->rule.any = PING_CUT;
	match->rule.type = reply;
	return 1;
}

/* RFC 792. Returns 1 when there may be a rule for it. */
static __always_inline int match_ipv4(struct hdr_cursor *nh, void *data_end, struct match *match)
{
	struct icmphdr *icmph, *request;
	struct iphdr *iph, *quoted;

	if (parse_iphdr(nh, data_end, &iph) != IPPROTO_ICMP || nh->in_parts)
		return 0;
	match->rule.protocol = IPPROTO_ICMP;
	match->rule.peer.s6_addr32[0] = iph->saddr;
	match->from.s6_addr32[0] = iph->saddr;
	if (parse_icmphdr(nh, data_end, &icmph) < 0)
		return match_cut(match, ICMP_ECHOREPLY);
	match->rule.type = icmph->type;
	match->code = icmph->code;
	match_ids(match, icmph->un.echo.id, icmph->un.echo.sequence);
	match->is_reply = icmph->type == ICMP_ECHOREPLY;
	if (match->is_reply)
		return 1;
	if (icmph->type != ICMP_DEST_UNREACH && icmph->type != ICMP_TIME_EXCEEDED &&
	    icmph->type != ICMP_PARAMETERPROB)
		return 0;
	if (parse_iphdr(nh, data_end, &quoted) != IPPROTO_ICMP ||
	    parse_icmphdr(nh, data_end, &request) != ICMP_ECHO)
		return 0;
	match->rule.peer.s6_addr32[0] = quoted->daddr;
	match_ids(match, request->un.echo.id, request->un.echo.sequence);
	return 1;
}

/* RFC 4443: types below 128 are errors. Extension headers are for the stack. */
static __always_inline int match_ipv6(struct hdr_cursor *nh, void *data_end, struct match *match)
{
	struct icmp6hdr *icmp6h, *request;
	struct ipv6hdr *ip6h = nh->pos, *quoted;

	if ((void *)(ip6h + 1) > data_end || ip6h->version != 6 || ip6h->nexthdr != IPPROTO_ICMPV6)
		return 0;
	nh->pos = ip6h + 1;
	nh->room = bpf_ntohs(ip6h->payload_len) + 1;
	match->rule.protocol = IPPROTO_ICMPV6;
	match->rule.peer = ip6h->saddr;
	match->from = ip6h->saddr;
	if (parse_icmp6hdr(nh, data_end, &icmp6h) < 0)
		return match_cut(match, ICMPV6_ECHO_REPLY);
	match->rule.type = icmp6h->icmp6_type;
	match->code = icmp6h->icmp6_code;
	match_ids(match, icmp6h->icmp6_identifier, icmp6h->icmp6_sequence);
	match->is_reply = icmp6h->icmp6_type == ICMPV6_ECHO_REPLY;
	if (match->is_reply)
		return 1;
	quoted = nh->pos;
	request = (void *)(quoted + 1);
	if (icmp6h->icmp6_type >= ICMPV6_ECHO_REQUEST || (void *)(request + 1) > data_end ||
	    quoted->version != 6 || quoted->nexthdr != IPPROTO_ICMPV6 ||
	    request->icmp6_type != ICMPV6_ECHO_REQUEST)
		return 0;
	match->rule.peer = quoted->daddr;
	match_ids(match, request->icmp6_identifier, request->icmp6_sequence);
	return 1;
}

/* Complete the zeroed @match from a packet. Returns 1 when there may be a rule for it. */
static __always_inline int match_packet(struct xdp_md *ctx, struct match *match)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	struct ethhdr *eth = nh.pos;

	/* A request has no VLAN tag, so an answer has none. */
	if ((void *)(eth + 1) > data_end)
		return 0;
	nh.pos = eth + 1;
	switch (eth_proto(eth)) {
	case bpf_htons(ETH_P_IP):
		return match_ipv4(&nh, data_end, match);
	case bpf_htons(ETH_P_IPV6):
		return match_ipv6(&nh, data_end, match);
	}
	return 0;
}

/*
 * The first rule that there is: for this id and peer, for this id from any
 * peer, for any id from this peer. A packet that it does not take is counted.
 */
static __always_inline struct ping_hit *match_rule(const struct match *match)
{
	struct ping_rule other = match->rule;
	struct ping_hit *hit;

	hit = bpf_map_lookup_elem(&ping_rule_map, &other);
	if (!hit && !other.any) {
		__builtin_memset(&other.peer, 0, sizeof(other.peer));
		other.any = PING_ANY_PEER;
		hit = bpf_map_lookup_elem(&ping_rule_map, &other);
	}
	if (!hit && other.any == PING_ANY_PEER) {
		other.peer = match->rule.peer;
		other.id = 0;
		other.any = PING_ANY_ID;
		hit = bpf_map_lookup_elem(&ping_rule_map, &other);
	}
	if (hit && hit->action != PING_TAKE)
		__sync_fetch_and_add(&hit->packets, 1);
	return hit;
}

#endif /* MATCH_KERN_H */
