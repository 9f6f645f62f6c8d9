/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What kernel and user side of this lesson share. */
#ifndef XDP_PINNED_H
#define XDP_PINNED_H

#include <linux/types.h>

/* xdp_proto_map: how many EtherTypes it has room for. */
#define PROTO_MAX 64

/* Its key is the EtherType in host byte order, its value counts packets. */
typedef __u16 proto_key;
typedef __u64 proto_value;

#endif /* XDP_PINNED_H */
