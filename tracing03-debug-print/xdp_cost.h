/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_cost_kern.c and xdp_cost_user share. */
#ifndef XDP_COST_H
#define XDP_COST_H

/* Room for the events of all rounds: nobody reads them. */
#define COST_EVENT_SIZE 24 /* a header of the ring's own, and the packet's */
#define COST_ROUNDS 5
#define COST_REPEAT_MAX 100000
#define COST_RING_SIZE (16 * 1024 * 1024)

#endif /* XDP_COST_H */
