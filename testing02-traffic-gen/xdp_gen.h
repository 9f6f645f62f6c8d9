/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_gen_kern.c and the command share. */
#ifndef XDP_GEN_H
#define XDP_GEN_H

#include <linux/types.h>

/* Ethernet, a VLAN tag, IPv6, UDP: 66 bytes, in words of eight. */
#define GEN_WORDS 8

/* The settings of xdp_gen_func. */
struct gen_settings {
	__u64 word[GEN_WORDS]; /* the headers of flow 0, word by word */
	__u64 last; /* their last eight bytes: the UDP header */
	__u32 len; /* of the headers */
	__u32 flows; /* source ports in use */
	__u16 sport; /* the first of them, in host byte order */
};

/* How far it is. The only global variable: the command finds it at offset 0. */
struct gen_state {
	__u64 sent; /* frames */
	__u32 flow; /* of the next one */
};

#endif /* XDP_GEN_H */
