// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What bench_user --live puts at the ends of its lab. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "live_frame.h"

/* The settings: the frame to send, and the interface. */
const volatile __u64 bench_frame[LIVE_FRAME_WORDS];
const volatile __u32 bench_ifindex;

/* The last frame that came. */
struct frame {
	__u64 word[LIVE_FRAME_WORDS];
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct frame);
	__uint(max_entries, 1);
} bench_seen SEC(".maps");

/* A receiver's changes are still in the page when it comes back: write all. */
SEC("xdp")
int bench_send_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	__u64 *word = (void *)(long)ctx->data;
	int i;

	if ((void *)(word + LIVE_FRAME_WORDS) > data_end)
		return XDP_ABORTED;
#pragma unroll
	for (i = 0; i < LIVE_FRAME_WORDS; i++)
		word[i] = bench_frame[i];
	return bpf_redirect(bench_ifindex, 0);
}

SEC("xdp")
int bench_look_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	__u64 *word = (void *)(long)ctx->data;
	struct frame *seen;
	__u32 key = 0;
	int i;

	seen = bpf_map_lookup_elem(&bench_seen, &key);
	if (!seen || (void *)(word + LIVE_FRAME_WORDS) > data_end)
		return XDP_DROP;
	/* IPv6 tells groups of a new interface; none of our frames does. */
	if (*(__u8 *)word & 1)
		return XDP_DROP;
#pragma unroll
	for (i = 0; i < LIVE_FRAME_WORDS; i++)
		seen->word[i] = word[i];
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
