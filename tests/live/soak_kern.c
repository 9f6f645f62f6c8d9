// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A traffic generator: frames leave, and what comes back is looked at. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "soak.h"

/* The interface through which the frames leave. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} soak_dev SEC(".maps");

const volatile struct soak_settings soak;

struct soak_counts soak_counts;

/* A live frame. Its receivers do not change it: it is as it was given. */
SEC("xdp")
int soak_send_func(struct xdp_md *ctx)
{
	int action = bpf_redirect_map(&soak_dev, 0, XDP_DROP);

	if (action == XDP_REDIRECT)
		__sync_fetch_and_add(&soak_counts.sent, 1);
	return action;
}

/* The bits in which the frame is not that answer. */
static __always_inline __u64 differs(const __u64 *word, int answer)
{
	__u64 bits = 0;
	int i;

#pragma unroll
	for (i = 0; i < SOAK_WORDS; i++)
		bits |= (word[i] ^ soak.answer[answer].word[i]) & soak.answer[answer].same[i];
	return bits;
}

/* What comes back to where it came from ends here; the rest passes. */
SEC("xdp")
int soak_sink_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	__u64 *word = (void *)(long)ctx->data;

	if ((void *)(word + SOAK_WORDS) > data_end || (word[0] ^ soak.answer[0].word[0]) & soak.mac)
		return XDP_PASS;
	if (!differs(word, 0) || !differs(word, 1))
		__sync_fetch_and_add(&soak_counts.good, 1);
	else
		__sync_fetch_and_add(&soak_counts.bad, 1);
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
