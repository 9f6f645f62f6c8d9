// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 01: an event for each UDP packet. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "xdp_udp_event.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

/* The UDP header of the packet, and the IP version in front of it; NULL: it is none. */
static __always_inline struct udphdr *find_udp(void *data, void *data_end, __u16 *version)
{
	struct hdr_cursor nh = { .pos = data };
	int eth_proto, proto = -1;
	struct ipv6hdr *ip6h;
	struct udphdr *udph;
	struct ethhdr *eth;
	struct iphdr *iph;

	eth_proto = parse_ethhdr(&nh, data_end, &eth);
	if (eth_proto == bpf_htons(ETH_P_IP)) {
		*version = 4;
		proto = parse_iphdr(&nh, data_end, &iph);
	} else if (eth_proto == bpf_htons(ETH_P_IPV6)) {
		*version = 6;
		proto = parse_ip6hdr(&nh, data_end, &ip6h);
	}
	if (proto != IPPROTO_UDP || parse_udphdr(&nh, data_end, &udph) < 0)
		return NULL;
	return udph;
}

SEC("xdp")
int xdp_udp_event_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct udp_event *event;
	struct udphdr *udph;
	__u16 version = 0;

	/* What is reserved has to be submitted or discarded: so look first. */
	udph = find_udp(data, data_end, &version);
	if (!udph)
		return XDP_PASS;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return XDP_PASS; /* the ring is full: this one is lost */
	/* Each member: a reserved record holds what was there before. */
	event->len = data_end - data;
	event->port = bpf_ntohs(udph->dest);
	event->version = version;
	bpf_ringbuf_submit(event, 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
