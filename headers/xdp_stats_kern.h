/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Counting packets and bytes per verdict: one line at the end of a program,
 * return xdp_stats_record_action(ctx, action). How it works: lesson
 * basic03-map-counter. Including this file defines the map.
 */
#ifndef XDP_STATS_KERN_H
#define XDP_STATS_KERN_H

#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern_user.h"

/* Each CPU has its own counters, so no CPU waits for another. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, XDP_ACTION_MAX);
	__type(key, __u32);
	__type(value, struct datarec);
} xdp_stats_map SEC(".maps");

/*
 * Counts the packet under @action and returns it. A number that is no verdict
 * is counted as, and becomes, XDP_ABORTED: the kernel drops it in any case.
 * The bytes are those between data and data_end.
 */
static __always_inline __u32 xdp_stats_record_action(struct xdp_md *ctx, __u32 action)
{
	struct datarec *rec;
	__u64 end, start;

	if (action >= XDP_ACTION_MAX)
		action = XDP_ABORTED;
	rec = bpf_map_lookup_elem(&xdp_stats_map, &action);
	if (!rec)
		return XDP_ABORTED; /* cannot be: for the verifier */

	/*
	 * For the verifier: volatile, or clang takes what the program read
	 * earlier from the stack, where it was put as a mere 32-bit number.
	 */
	end = *(volatile __u32 *)&ctx->data_end;
	start = *(volatile __u32 *)&ctx->data;
	rec->rx_packets++;
	rec->rx_bytes += end - start;
	return action;
}

#endif /* XDP_STATS_KERN_H */
