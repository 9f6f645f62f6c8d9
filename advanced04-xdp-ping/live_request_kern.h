/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A frame of the kernel's becomes a request. Part of xdp_ping_live_kern.c. */
#ifndef LIVE_REQUEST_KERN_H
#define LIVE_REQUEST_KERN_H

#include "live_kern.h"

/* The page has been used before: all of the frame is written again. */
static __always_inline void write_frame(void *data, __u32 len, const struct ping_frame *frame)
{
	int i;

#pragma unroll
	for (i = 0; i < PING_WORDS; i++)
		if ((i + 1) * sizeof(__u64) <= len)
			((__u64 *)data)[i] = frame->word[i];
	len -= sizeof(__u64);
	if (len < sizeof(*frame) - sizeof(__u64))
		*(__u64 *)(data + len) = *(__u64 *)((void *)frame + len);
}

/* What differs from request to request, and the checksum of it all. */
static __always_inline void write_number(struct icmphdr *icmph, __u64 number, __u32 sum)
{
	__be16 sequence = bpf_htons(number);

	icmph->un.echo.sequence = sequence;
	sum += sequence + live_number_sum(number);
	if (ping.size >= sizeof(number))
		*(__u64 *)(icmph + 1) = number;
	icmph->checksum = csum_fold_helper(sum);
}

/*
 * When a request is sent. To read the clock takes as long as to make a request,
 * and frames of a batch, which has a multiple of 4, follow each other at once:
 * of four runs the first reads it. The command begins each call at run 0.
 */
static __always_inline void request_begin(struct ping_state *state)
{
	if (!(state->runs++ % PING_CLOCK_RUNS))
		state->clock = 0;
}

static __always_inline __u64 request_time(struct ping_state *state)
{
	if (!state->clock)
		state->clock = bpf_ktime_get_ns();
	return state->clock;
}

#endif /* LIVE_REQUEST_KERN_H */
