/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Every parser of parsing_helpers.h, and what it said of the packet. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsed.h"
#include "parsing_helpers.h"

struct parse_test test;

static __always_inline __u32 distance(void *from, void *to)
{
	__u64 bytes;

	bytes = to - from;
	barrier_var(bytes); /* or clang subtracts the lower halves only */
	return bytes;
}

static __always_inline void check_common(struct hdr_cursor nh, void *data_end)
{
	struct icmphdr_common *head = NULL;
	void *start = nh.pos;

	test.parsed.common = parse_icmphdr_common(&nh, data_end, &head);
	if (test.parsed.common < 0 ? nh.pos != start || head : nh.pos != start + 4 || head != start)
		test.wrong++;
}

static __always_inline void parse_l4(struct hdr_cursor *nh, void *data, void *data_end)
{
	void *start = nh->pos, *head = NULL;
	int result;

	switch (test.parsed.l3) {
	case IPPROTO_UDP:
		result = parse_udphdr(nh, data_end, (struct udphdr **)&head);
		break;
	case IPPROTO_TCP:
		result = parse_tcphdr(nh, data_end, (struct tcphdr **)&head);
		break;
	case IPPROTO_ICMP:
		check_common(*nh, data_end);
		result = parse_icmphdr(nh, data_end, (struct icmphdr **)&head);
		break;
	case IPPROTO_ICMPV6:
		check_common(*nh, data_end);
		result = parse_icmp6hdr(nh, data_end, (struct icmp6hdr **)&head);
		break;
	default:
		return;
	}
	test.parsed.l4 = result;
	test.parsed.l4_end = distance(data, nh->pos);
	if (result < 0 ? nh->pos != start || head : head != start)
		test.wrong++;
	else if (head)
		test.parsed.l4_at = distance(data, head);
}

static __always_inline void parse_l3(struct hdr_cursor *nh, void *data, void *data_end)
{
	void *start = nh->pos;
	struct iphdr *iph = NULL;
	struct ipv6hdr *ip6h = NULL;

	if (test.parsed.eth == bpf_htons(ETH_P_IP)) {
		test.parsed.l3 = parse_iphdr(nh, data_end, &iph);
		if (iph) {
			test.parsed.l3_at = distance(data, iph);
			test.parsed.fragment = ip_is_fragment(iph);
		}
	} else if (test.parsed.eth == bpf_htons(ETH_P_IPV6)) {
		test.parsed.l3 = parse_ip6hdr(nh, data_end, &ip6h);
		if (ip6h)
			test.parsed.l3_at = distance(data, ip6h);
	} else {
		return;
	}
	test.parsed.l3_end = distance(data, nh->pos);
	test.parsed.in_parts = !!nh->in_parts;
	if (test.parsed.l3 == PARSE_BROKEN && (nh->pos != start || iph || ip6h))
		test.wrong++;
}

/* parse_ethhdr, which does not collect, says the same. */
static __always_inline void check_ethhdr(void *data, void *data_end, const struct hdr_cursor *other)
{
	struct hdr_cursor nh = { .pos = data };
	struct ethhdr *eth = NULL;
	int proto = parse_ethhdr(&nh, data_end, &eth);

	if (proto != test.parsed.eth || distance(data, nh.pos) != distance(data, other->pos) ||
	    (proto < 0 ? !!eth : (void *)eth != data))
		test.wrong++;
}

SEC("xdp")
int parse_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct hdr_cursor nh = { .pos = data };
	struct collect_vlans vlans;
	struct ethhdr *eth = NULL;

	__builtin_memset(&test.parsed, 0, sizeof(test.parsed));
	test.parsed.l3 = test.parsed.l4 = test.parsed.common = NOT_ASKED;
	test.parsed.eth = parse_ethhdr_vlan(&nh, data_end, &eth, &vlans);
	check_ethhdr(data, data_end, &nh);
	if (test.parsed.eth < 0)
		return XDP_DROP;
	test.parsed.vlans = vlans.count;
	__builtin_memcpy(test.parsed.vlan, vlans.id, sizeof(test.parsed.vlan));
	parse_l3(&nh, data, data_end);
	if (test.parsed.l3 >= 0)
		parse_l4(&nh, data, data_end);
	return test.parsed.l4 >= 0 ? XDP_PASS : XDP_DROP;
}

/* A cursor set by hand: extension headers, as the EtherType says, then UDP. */
SEC("xdp")
int bare_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct hdr_cursor nh = { .pos = data, .room = test.bare_room };
	struct ethhdr *eth = data;
	struct udphdr *udph;

	__builtin_memset(&test.parsed, 0, sizeof(test.parsed));
	test.parsed.l3 = test.parsed.l4 = NOT_ASKED;
	if ((void *)(eth + 1) > data_end)
		return XDP_DROP;
	nh.pos = eth + 1;
	test.parsed.l3 = skip_ip6hdrext(&nh, data_end, bpf_ntohs(eth->h_proto));
	test.parsed.l3_end = distance(data, nh.pos);
	if (test.parsed.l3 == IPPROTO_UDP)
		test.parsed.l4 = parse_udphdr(&nh, data_end, &udph);
	test.parsed.l4_end = distance(data, nh.pos);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
