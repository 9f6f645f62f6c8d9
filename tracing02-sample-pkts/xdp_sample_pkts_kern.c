// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Copy packets, as they come in, to the perf buffers of the command. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <xdp/xdp_helpers.h>

#include "sample_kern.h"

/* Element 0: the program that runs behind xdp_sample_chain_prog. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} sample_behind SEC(".maps");

/* Behind a dispatcher: before the others, which may drop the packet. */
struct {
	__uint(priority, 1);
	__uint(XDP_PASS, 1);
} XDP_RUN_CONFIG(xdp_sample_prog);

static __always_inline void sample_packet(struct xdp_md *ctx, __u32 verdict)
{
	struct sample_counts *counts = sample_due(SAMPLE_XDP);
	struct sample sample = {
		.ifindex = ctx->ingress_ifindex,
		.queue = ctx->rx_queue_index,
		.verdict = verdict,
		.place = SAMPLE_XDP,
	};
	__u64 flags;

	if (!counts)
		return;
	/* data to data_end is the first part only of a large packet. */
	sample.orig_len = settings.frags ? bpf_xdp_get_buff_len(ctx) : ctx->data_end - ctx->data;
	flags = sample_flags(&sample);
	sample.time = bpf_ktime_get_ns();
	/* The kernel appends the packet's bytes to our header. */
	if (bpf_perf_event_output(ctx, &xdp_samples, flags, &sample, sizeof(sample)))
		counts->lost++;
}

SEC("xdp.frags")
int xdp_sample_prog(struct xdp_md *ctx)
{
	sample_packet(ctx, XDP_PASS);
	return XDP_PASS;
}

/* The same with a program behind it, whose verdict is not known here. It takes
 * packets of several pages if that does: the command sees to it.
 */
SEC("xdp")
int xdp_sample_chain_prog(struct xdp_md *ctx)
{
	sample_packet(ctx, SAMPLE_NO_VERDICT);
	bpf_tail_call(ctx, &sample_behind, 0);
	/* A tail call does not come back, unless there is no program. */
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
