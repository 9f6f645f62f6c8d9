// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The way back of xdp_patch_ports_func: what leaves gets its source port raised
 * by one, so that a request to port N is answered from port N.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"

/* What differs between UDP and TCP. Both begin with the source port. */
struct l4 {
	void *head;
	__u32 check; /* where the checksum is, from the head */
	__u64 flags; /* of bpf_l4_csum_replace */
};

static __always_inline int find_l4(struct hdr_cursor *nh, void *data_end, struct l4 *l4)
{
	struct ipv6hdr *ip6h;
	struct ethhdr *eth;
	struct iphdr *iph;
	int proto = -1;

	switch (parse_ethhdr(nh, data_end, &eth)) {
	case bpf_htons(ETH_P_IP):
		proto = parse_iphdr(nh, data_end, &iph);
		break;
	case bpf_htons(ETH_P_IPV6):
		proto = parse_ip6hdr(nh, data_end, &ip6h);
		break;
	}
	l4->head = nh->pos;
	if (proto == IPPROTO_UDP) {
		struct udphdr *udph;

		l4->check = offsetof(struct udphdr, check);
		/* 0 stays 0, and a result of 0 becomes 0xffff. */
		l4->flags = BPF_F_MARK_MANGLED_0;
		return parse_udphdr(nh, data_end, &udph);
	}
	if (proto == IPPROTO_TCP) {
		struct tcphdr *tcph;

		l4->check = offsetof(struct tcphdr, check);
		l4->flags = 0;
		return parse_tcphdr(nh, data_end, &tcph);
	}
	return PARSE_BROKEN;
}

SEC("tc")
int tc_return_ports_func(struct __sk_buff *skb)
{
	void *data_end = (void *)(long)skb->data_end;
	void *data = (void *)(long)skb->data;
	struct hdr_cursor nh = { .pos = data };
	__be16 old, new;
	struct l4 l4;
	__u64 offset;

	if (find_l4(&nh, data_end, &l4) < 0)
		return TC_ACT_UNSPEC;
	old = *(__be16 *)l4.head;
	new = bpf_htons(bpf_ntohs(old) + 1);
	offset = l4.head - data;

	/*
	 * The checksum of what this machine sends may be a half-done one, which
	 * the card or the kernel completes later. The helper knows; an
	 * update by hand would spoil it. Then the pointers are stale.
	 */
	if (!bpf_l4_csum_replace(skb, offset + l4.check, old, new, sizeof(new) | l4.flags))
		bpf_skb_store_bytes(skb, offset, &new, sizeof(new), 0);
	return TC_ACT_UNSPEC; /* let the next filter, if any, decide */
}

char _license[] SEC("license") = "Dual BSD/GPL";
