/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the program and the command agree on. */
#ifndef AF_XDP_LESSON_H
#define AF_XDP_LESSON_H

#include <linux/types.h>

/* The value of xdp_queue_map on one CPU: packets of one receive queue. */
struct queue_rec {
	__u64 seen; /* by the program */
	__u64 steered; /* to the queue's socket */
};

#endif /* AF_XDP_LESSON_H */
