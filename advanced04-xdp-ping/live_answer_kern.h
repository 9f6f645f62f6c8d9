/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Is this an answer, and the first one? Part of xdp_ping_live_kern.c. */
#ifndef LIVE_ANSWER_KERN_H
#define LIVE_ANSWER_KERN_H

#include "forward_helpers.h"
#include "live_kern.h"
#include "parsing_helpers.h"

enum answer {
	ANSWER_NONE, /* something about it is wrong */
	ANSWER_GOOD,
	ANSWER_FOREIGN, /* its addresses are others */
};

/* Six bytes, in two pieces. */
static __always_inline int mac_differs(const void *a, const void *b)
{
	return *(const mac_u32 *)a != *(const mac_u32 *)b ||
	       *(const mac_u16 *)(a + 4) != *(const mac_u16 *)(b + 4);
}

/* An answer has the frame's addresses, the other way round. */
static __always_inline int answer_is_from(const struct ping_frame *frame, void *data)
{
	const struct ethhdr *ours = (const void *)frame->word, *eth = data;
	const struct ipv6hdr *our_ip6 = (const void *)(ours + 1);
	const struct ipv6hdr *ip6h = (const void *)(eth + 1);
	const struct iphdr *our_ip = (const void *)(ours + 1);
	const struct iphdr *iph = (const void *)(eth + 1);
	int i;

	if (mac_differs(eth->h_dest, ours->h_source) ||
	    (!frame->any_mac && mac_differs(eth->h_source, ours->h_dest)))
		return 0;
	if (!ping.ipv6)
		return iph->saddr == our_ip->daddr && iph->daddr == our_ip->saddr;
#pragma unroll
	for (i = 0; i < 4; i++)
		if (ip6h->saddr.s6_addr32[i] != our_ip6->daddr.s6_addr32[i] ||
		    ip6h->daddr.s6_addr32[i] != our_ip6->saddr.s6_addr32[i])
			return 0;
	return 1;
}

/* No options, no part of a datagram, the length that a request has. */
static __always_inline int answer_has_ipv4(const struct iphdr *iph)
{
	return iph->version == 4 && iph->ihl * 4 == sizeof(*iph) && iph->protocol == IPPROTO_ICMP &&
	       !ip_is_fragment(iph) &&
	       bpf_ntohs(iph->tot_len) == sizeof(*iph) + sizeof(struct icmphdr) + ping.size;
}

static __always_inline int answer_has_ipv6(const struct ipv6hdr *ip6h)
{
	return ip6h->version == 6 && ip6h->nexthdr == IPPROTO_ICMPV6 &&
	       bpf_ntohs(ip6h->payload_len) == sizeof(struct icmphdr) + ping.size;
}

/*
 * An echo reply with our id, and headers as they have to be? What is not is
 * looked at by the rules, which takes longer.
 */
static __always_inline int answer_has_head(void *data, const struct icmphdr *icmph)
{
	const struct ethhdr *eth = data;
	const void *ip = eth + 1;

	if (ping.ipv6)
		return eth_proto(eth) == bpf_htons(ETH_P_IPV6) && answer_has_ipv6(ip) &&
		       icmph->un.echo.id == ping.id && icmph->type == ICMPV6_ECHO_REPLY;
	return eth_proto(eth) == bpf_htons(ETH_P_IP) && answer_has_ipv4(ip) &&
	       icmph->un.echo.id == ping.id && icmph->type == ICMP_ECHOREPLY &&
	       !live_fold(live_sum(ip, sizeof(struct iphdr)));
}

/*
 * The number of the request, or 0 if there was none like that. The sequence is
 * its lower 16 bits; the data, where it has room, begins with all of it.
 */
static __always_inline __u64 answer_number(const struct ping_state *state,
					   const struct icmphdr *icmph)
{
	__u16 sequence = bpf_ntohs(icmph->un.echo.sequence);
	const __u64 *data = (const void *)(icmph + 1);
	__u64 sent = state->sent, number;

	number = ping.size >= 8 ? data[0] : sent - (__u16)(sent - sequence);
	if (ping.size >= 16 && data[1] != ping.cookie)
		return 0;
	return (__u16)number == sequence && number <= sent ? number : 0;
}

/*
 * An answer carries what the request did, so its checksum is known; and it has
 * to be that of what is there.
 */
static __always_inline int answer_sums(const struct ping_frame *frame, const struct icmphdr *icmph,
				       __u64 number)
{
	__u64 sum = frame->sum + live_number_sum(number) + icmph->un.echo.sequence +
		    icmph->checksum;

	/* The types differ: 8 and 0, 128 and 129. */
	sum += ping.ipv6 ? bpf_htons(1 << 8) : 0xffff - bpf_htons(8 << 8);
	if (live_fold(sum))
		return 0;
	sum = live_sum(icmph, sizeof(*icmph) + ping.size) + frame->pseudo;
	return !live_fold(sum);
}

/* The first, in time, another one, or too late a one. */
static __always_inline void answer_count(struct ping_state *state, __u64 number,
					 struct ping_counts *counts)
{
	__u64 now = bpf_ktime_get_ns(), bit = 1ULL << (number & 63), ns, seen;
	__u32 slot = number & (PING_SLOTS - 1), key = 0, bucket;
	struct ping_hist *hist;

	/* The word of a bit is cleared before its first number is sent. */
	if (number + PING_SLOTS - 64 <= state->sent) {
		counts->late++;
		return;
	}
	seen = __sync_fetch_and_or(&state->seen[slot / 64], bit);
	ns = now - state->time[slot];
	if (number > state->answered)
		state->answered = number;
	if (seen & bit) {
		counts->duplicates++;
		return;
	}
	hist = bpf_map_lookup_elem(&ping_hist_map, &key);
	if (ns > ping.late || !hist) {
		counts->late++;
		return;
	}
	bucket = hist_index(ns);
	hist->bucket[bucket]++;
	if (!counts->received || ns < counts->min)
		counts->min = ns;
	if (ns > counts->max)
		counts->max = ns;
	counts->sum += ns;
	counts->received++;
}

/* Look at all of it, and count it if it is a good answer. */
static __always_inline enum answer answer_take(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ping_state *state = live_state();
	__u32 head = live_head(), target;
	struct icmphdr *icmph = data + head;
	struct ping_counts *counts;
	struct ping_frame *frame;
	__u64 number;

	if (!ping.len || data + ping.len > data_end || !state || !answer_has_head(data, icmph))
		return ANSWER_NONE;
	number = answer_number(state, icmph);
	target = live_target(number);
	frame = bpf_map_lookup_elem(&ping_frame_map, &target);
	counts = bpf_map_lookup_elem(&ping_count_map, &target);
	if (!number || !frame || !counts)
		return ANSWER_NONE;
	if (!answer_is_from(frame, data)) {
		counts->foreign++;
		return ANSWER_FOREIGN;
	}
	if (icmph->code || !answer_sums(frame, icmph, number))
		return ANSWER_NONE;
	answer_count(state, number, counts);
	return ANSWER_GOOD;
}

#endif /* LIVE_ANSWER_KERN_H */
