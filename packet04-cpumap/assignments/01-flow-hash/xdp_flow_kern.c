// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: one number for all packets of a flow, in both directions. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"

/* The number of a flow, and its packets. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1024);
} flows SEC(".maps");

/* Works a word into a hash: every bit of both counts. */
static __always_inline __u64 mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 32;
}

static __always_inline __u64 mix_ip6(const struct in6_addr *addr)
{
	__u64 upper = (__u64)addr->s6_addr32[0] << 32 | addr->s6_addr32[1];
	__u64 lower = (__u64)addr->s6_addr32[2] << 32 | addr->s6_addr32[3];

	return mix(mix(0, upper), lower);
}

static __always_inline void count_flow(__u32 number)
{
	const __u64 one = 1;
	__u64 *count = bpf_map_lookup_elem(&flows, &number);

	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&flows, &number, &one, BPF_ANY);
}

SEC("xdp")
int xdp_flow_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	int type, proto;
	__u64 source, dest;
	struct ipv6hdr *ip6h;
	struct ethhdr *eth;
	struct iphdr *iph;

	type = parse_ethhdr(&nh, data_end, &eth);
	if (type == bpf_htons(ETH_P_IP)) {
		proto = parse_iphdr(&nh, data_end, &iph);
		if (proto == PARSE_BROKEN)
			return XDP_PASS;
		source = mix(0, iph->saddr);
		dest = mix(0, iph->daddr);
	} else if (type == bpf_htons(ETH_P_IPV6)) {
		proto = parse_ip6hdr(&nh, data_end, &ip6h);
		if (proto == PARSE_BROKEN)
			return XDP_PASS;
		source = mix_ip6(&ip6h->saddr);
		dest = mix_ip6(&ip6h->daddr);
	} else {
		return XDP_PASS;
	}
	/* Assignment: with the ports of UDP and TCP, and the same for both directions. */
	count_flow(mix(mix(0, source), dest));
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
