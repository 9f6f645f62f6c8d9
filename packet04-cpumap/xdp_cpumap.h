/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the kernel programs and xdp_cpumap_user agree on. */
#ifndef XDP_CPUMAP_H
#define XDP_CPUMAP_H

#include <linux/types.h>

/* Flows fall into this many buckets; each bucket has a CPU. A power of 2. */
#define BUCKETS 1024

/* The value of cpu_work on each CPU: what its program has done. */
struct cpu_work {
	__u64 packets; /* all that it got from the queue */
	__u64 bytes;
	__u64 filtered; /* of them, dropped */
};

#endif /* XDP_CPUMAP_H */
