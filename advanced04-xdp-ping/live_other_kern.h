/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What is ours but no answer as it has to be. Part of xdp_ping_live_kern.c. */
#ifndef LIVE_OTHER_KERN_H
#define LIVE_OTHER_KERN_H

#include "live_kern.h"
#include "match_kern.h"

/* ICMP errors are few, and the command shows each. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} ping_error_map SEC(".maps");

/* A flood goes on behind a request that failed, as behind an answer. */
static __always_inline void go_on_behind(__u16 sequence)
{
	struct ping_state *state = live_state();
	__u64 number;

	if (!state)
		return;
	number = state->sent - (__u16)(state->sent - sequence);
	if (number > state->answered && number <= state->sent)
		state->answered = number;
}

/* An error about a request, or an answer in which something is wrong. */
static __always_inline void count_other(const struct match *match, __u32 target)
{
	struct ping_counts *counts;
	struct ping_error *error;

	counts = bpf_map_lookup_elem(&ping_count_map, &target);
	if (!counts)
		return;
	if (match->is_reply) {
		counts->damaged++;
		return;
	}
	counts->errors++;
	go_on_behind(bpf_ntohs(match->sequence));
	error = bpf_ringbuf_reserve(&ping_error_map, sizeof(*error), 0);
	if (!error)
		return;
	error->from = match->from;
	error->peer = match->rule.peer;
	error->target = target;
	error->sequence = bpf_ntohs(match->sequence);
	error->type = match->rule.type;
	error->code = match->code;
	bpf_ringbuf_submit(error, 0);
}

/* Is it ours by the rules? 1: it was counted, and is not for the stack. */
static __always_inline int other_take(struct xdp_md *ctx)
{
	struct match match = {};
	struct ping_hit *hit;

	if (!match_packet(ctx, &match))
		return 0;
	hit = match_rule(&match);
	if (!hit || hit->action != PING_TAKE)
		return 0;
	count_other(&match, hit->target);
	return 1;
}

#endif /* LIVE_OTHER_KERN_H */
