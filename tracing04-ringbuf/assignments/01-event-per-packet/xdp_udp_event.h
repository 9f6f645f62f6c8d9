/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Assignment 01: what program and reader agree on. This file is complete. */
#ifndef XDP_UDP_EVENT_H
#define XDP_UDP_EVENT_H

#include <linux/types.h>

/* A UDP packet. */
struct udp_event {
	__u32 len; /* of the frame, from the Ethernet header on */
	__u16 port; /* that it goes to, in host byte order */
	__u16 version; /* of IP: 4 or 6 */
};

#endif /* XDP_UDP_EVENT_H */
