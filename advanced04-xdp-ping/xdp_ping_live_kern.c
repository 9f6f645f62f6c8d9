// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The live engine: requests are made, and answers measured, in the kernel. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "live_answer_kern.h"
#include "live_other_kern.h"
#include "live_request_kern.h"
#include "match_kern.h"
#include "xdp_stats_kern.h"

/* The interface through which the requests leave. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} ping_dev_map SEC(".maps");

/* Run on frames that come from nowhere; what it drops was not sent. */
SEC("xdp")
int xdp_ping_send_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ping_state *state = live_state();
	struct ping_frame *frame;
	__u64 number, done;
	__u32 target, action;

	if (!state || !ping.len || data + ping.len > data_end)
		return XDP_DROP; /* cannot be: for the verifier */
	request_begin(state);
	number = state->sent + 1;
	done = state->answered > state->floor ? state->answered : state->floor;
	target = live_target(number);
	frame = bpf_map_lookup_elem(&ping_frame_map, &target);
	if (number > state->limit || number > done + state->window || !frame)
		return XDP_DROP;
	write_frame(data, ping.len, frame);
	write_number(data + live_head(), number, frame->sum);
	if (!(number & 63))
		state->seen[number % PING_SLOTS / 64] = 0;
	state->time[number % PING_SLOTS] = request_time(state);
	/* XDP_DROP says that the interface is gone, and its element with it. */
	action = bpf_redirect_map(&ping_dev_map, 0, XDP_DROP);
	if (action == XDP_REDIRECT)
		state->sent = number;
	return action;
}

/* What it counts as an answer, or as an error about a request, ends here. */
SEC("xdp")
int xdp_ping_live_func(struct xdp_md *ctx)
{
	enum answer answer = answer_take(ctx);
	__u32 action = XDP_PASS;

	if (answer == ANSWER_GOOD || (answer == ANSWER_NONE && other_take(ctx)))
		action = XDP_DROP;
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
