/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the kernel programs and xdp_monitor_user agree on. */
#ifndef XDP_MONITOR_H
#define XDP_MONITOR_H

#include <linux/types.h>

#include "xdp_stats_kern_user.h"

/* The tracepoints; all that belongs to each stands in monitor_events.c. */
enum event {
	EVENT_REDIRECT,
	EVENT_REDIRECT_ERR,
	EVENT_REDIRECT_MAP,
	EVENT_REDIRECT_MAP_ERR,
	EVENT_EXCEPTION,
	EVENT_ENQUEUE,
	EVENT_KTHREAD,
	EVENT_XMIT,
	EVENTS
};

/* The value of all maps on each CPU: sums over the events. */
struct event_count {
	__u64 packets; /* that they were about */
	__u64 drops; /* of them, lost */
	__u64 events; /* one may be about several packets */
	__u64 info; /* of them: kthread: had slept; xmit: error of the driver */
	/* kthread: the verdicts of the program behind the queue */
	__u64 xdp_pass, xdp_drop, xdp_redirect;
};

/* Keys of redirect_err_cnt: an errno, 0 for success; the last: any other */
#define REDIRECT_KEYS 135
/* Keys of exception_cnt: an XDP action; the last: what is none */
#define EXCEPTION_KEYS (XDP_ACTION_MAX + 1)

/* Where in the record of a plain tracepoint a field is; 0: it has none. */
struct event_fields {
	__u32 prog_id;
	__u32 map_id;
	__u32 ifindex; /* of the interface that the packet came in on */
	__u32 act;
	__u32 err;
	__u32 packets;
	__u32 drops;
	__u32 to_cpu;
	__u32 sched;
	__u32 xdp_pass, xdp_drop, xdp_redirect;
};

#endif /* XDP_MONITOR_H */
