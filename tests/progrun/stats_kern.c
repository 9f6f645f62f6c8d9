/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Any verdict, counted. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

__u32 verdict;

SEC("xdp")
int stats_func(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, verdict);
}

char _license[] SEC("license") = "Dual BSD/GPL";
