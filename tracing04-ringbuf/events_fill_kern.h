/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What an event says of its packet; the same for all ways out. */
#ifndef EVENTS_FILL_KERN_H
#define EVENTS_FILL_KERN_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "flow_helpers.h"
#include "parsing_helpers.h"
#include "xdp_events.h"

/* A setting: so many bytes of a packet go with its event. */
const volatile __u32 packet_bytes = EVENT_BYTES_MAX;

/* Written by all CPUs; the command reads it from the map of .bss. */
struct event_counts event_counts;

/* One addition that no other CPU can come between. */
static __always_inline __u64 event_number(void)
{
	return __sync_fetch_and_add(&event_counts.produced, 1);
}

static __always_inline void event_lost(void)
{
	__sync_fetch_and_add(&event_counts.lost, 1);
}

static __always_inline __u32 bytes_wanted(const struct xdp_md *ctx)
{
	__u32 bytes = ctx->data_end - ctx->data;

	if (bytes > packet_bytes)
		bytes = packet_bytes;
	return bytes < EVENT_BYTES_MAX ? bytes : EVENT_BYTES_MAX;
}

/*
 * @bytes, which is from 1 to @max, a power of 2: said in a way that all
 * verifiers understand. That of 6.1 learns nothing from a comparison with 0.
 */
static __always_inline __u32 bytes_bounded(__u32 bytes, __u32 max)
{
	barrier_var(bytes);
	return ((bytes - 1) & (max - 1)) + 1;
}

/* Addresses and ports, as far as there are any that can be read. */
static __always_inline void event_parse(struct event *event, void *data, void *data_end)
{
	struct hdr_cursor nh = { .pos = data };
	struct flow_ports ports = { 0 };
	int eth_proto, proto = PARSE_BROKEN;
	struct ipv6hdr *ip6h;
	struct ethhdr *eth;
	struct iphdr *iph;

	eth_proto = parse_ethhdr(&nh, data_end, &eth);
	if (eth_proto == PARSE_BROKEN)
		return;
	event->eth_proto = eth_proto;
	if (eth_proto == bpf_htons(ETH_P_IP)) {
		proto = parse_iphdr(&nh, data_end, &iph);
		if (proto == PARSE_BROKEN)
			return;
		event->version = 4;
		event->ip_proto = iph->protocol;
		__builtin_memcpy(event->source, &iph->saddr, 4);
		__builtin_memcpy(event->dest, &iph->daddr, 4);
	} else if (eth_proto == bpf_htons(ETH_P_IPV6)) {
		proto = parse_ip6hdr(&nh, data_end, &ip6h);
		if (proto == PARSE_BROKEN)
			return;
		event->version = 6;
		event->ip_proto = proto;
		__builtin_memcpy(event->source, &ip6h->saddr, 16);
		__builtin_memcpy(event->dest, &ip6h->daddr, 16);
	}
	flow_ports(&nh, data_end, proto, &ports);
	event->sport = ports.source;
	event->dport = ports.dest;
}

/* Fill in number @seq, with @bytes bytes of the packet to come behind it. */
static __always_inline void event_fill(struct event *event, struct xdp_md *ctx, __u64 seq,
				       __u32 bytes)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;

	/* Whole: a reserved record holds what was there before. */
	__builtin_memset(event, 0, sizeof(*event));
	event->time = bpf_ktime_get_ns();
	event->seq = seq;
	event->ifindex = ctx->ingress_ifindex;
	event->cpu = bpf_get_smp_processor_id();
	event->len = data_end - data;
	event->queue = ctx->rx_queue_index;
	event->bytes = bytes;
	event_parse(event, data, data_end);
}

#endif /* EVENTS_FILL_KERN_H */
