// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Copy packets as another XDP program gets them, and as it leaves them. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "core_types.h"
#include "sample_kern.h"

static __always_inline void sample_packet(struct xdp_buff *xdp, __u32 place, __u32 verdict)
{
	struct sample sample = {
		.ifindex = xdp->rxq->dev->ifindex,
		.queue = xdp->rxq->queue_index,
		.verdict = verdict,
		.place = place,
	};
	struct sample_counts *counts;
	__u64 flags;

	/* The traced program may be on several interfaces. */
	if (sample.ifindex != settings.ifindex)
		return;
	counts = sample_due(place);
	if (!counts)
		return;
	sample.orig_len = settings.frags ? bpf_xdp_get_buff_len((void *)xdp) :
					   xdp->data_end - xdp->data;
	flags = sample_flags(&sample);
	sample.time = bpf_ktime_get_ns();
	if (bpf_xdp_output(xdp, &xdp_samples, flags, &sample, sizeof(sample)))
		counts->lost++;
}

/* The command says which program it is; "of" stands for any. */
SEC("fentry/of")
int BPF_PROG(sample_entry, struct xdp_buff *xdp)
{
	sample_packet(xdp, SAMPLE_ENTRY, SAMPLE_NO_VERDICT);
	return 0;
}

SEC("fexit/of")
int BPF_PROG(sample_exit, struct xdp_buff *xdp, int verdict)
{
	sample_packet(xdp, SAMPLE_EXIT, verdict);
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
