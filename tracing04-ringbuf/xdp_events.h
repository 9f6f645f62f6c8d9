/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the kernel programs and xdp_events_user agree on. */
#ifndef XDP_EVENTS_H
#define XDP_EVENTS_H

#include <linux/types.h>

/* Most bytes of a packet that an event carries. */
#define EVENT_BYTES_MAX 2048

/*
 * One packet. Each byte is a member's: what is in a buffer already would show
 * through a gap. Packet bytes, where they are wanted, follow behind it.
 */
struct event {
	__u64 time; /* ns on the monotonic clock */
	__u64 seq; /* the packet's number, from 0 on over all CPUs */
	__u32 ifindex;
	__u32 cpu;
	__u32 len; /* of the packet */
	__u16 queue;
	__u16 bytes; /* of the packet, behind this struct */
	__be16 eth_proto; /* behind any VLAN tags; 0: broken */
	__be16 sport, dport; /* 0: the packet has none */
	__u8 version; /* of IP: 4 or 6; 0: none, or a broken one */
	__u8 ip_proto;
	__u8 source[16], dest[16]; /* of IPv4 the first 4 bytes */
};

/* What the programs count. */
struct event_counts {
	__u64 produced; /* events, the number of the next one */
	__u64 lost; /* of them, those that no buffer had room for */
};

#endif /* XDP_EVENTS_H */
