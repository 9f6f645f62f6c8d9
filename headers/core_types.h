/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What tracing programs read of the kernel's own structures: those few members,
 * and no more. Where they are differs from kernel to kernel. The attribute
 * below has the compiler note each access in the object, and libbpf puts in the
 * running kernel's offset when it loads it (CO-RE, compile once, run
 * everywhere); so order, gaps and the rest of a structure do not matter here,
 * but names do. Taught in tracing01-xdp-monitor.
 *
 * Two layouts of one structure are two flavours: what follows ___ in a name is
 * for us only, the kernel's structure has the name before it.
 */
#ifndef CORE_TYPES_H
#define CORE_TYPES_H

#include <linux/types.h>

/* <linux/bpf.h>: of this nothing is read. */
struct bpf_prog;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* <linux/ns_common.h>: inum is the inode number of /proc/PID/ns/net. */
struct ns_common {
	unsigned int inum;
};

/* <net/net_namespace.h> */
struct net {
	struct ns_common ns;
};

/* The member is there in kernels with namespaces (CONFIG_NET_NS). */
typedef struct {
	struct net *net;
} possible_net_t;

/* <linux/netdevice.h> */
struct net_device {
	int ifindex;
	possible_net_t nd_net;
};

/* <net/xdp.h>: an XDP program's packet, as the kernel has it. */
struct xdp_rxq_info {
	struct net_device *dev;
	__u32 queue_index;
};

struct xdp_buff {
	void *data;
	void *data_end;
	struct xdp_rxq_info *rxq;
};

/* <net/xdp.h>: what a program behind a cpumap's queue has said (5.9). */
struct xdp_cpumap_stats {
	unsigned int redirect;
	unsigned int pass;
	unsigned int drop;
};

/* <trace/events/xdp.h>: in Linux 5.5 the devmap was among the arguments of this
 * tracepoint. The fields of an event have the names of its arguments.
 */
struct trace_event_raw_xdp_devmap_xmit___linux_5_5 {
	int map_index;
};

#pragma clang attribute pop

#endif /* CORE_TYPES_H */
