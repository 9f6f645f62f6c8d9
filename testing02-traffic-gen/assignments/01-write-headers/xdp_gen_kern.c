// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: write the headers of each frame before it leaves. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define GEN_WORDS 8

/* What the command has put together: the headers that each frame is to have. */
struct gen_settings {
	__u64 word[GEN_WORDS]; /* the headers from their first byte on, in words of 8 bytes */
	__u64 last; /* their last 8 bytes: the UDP header */
	__u32 len; /* of the headers: 42 of IPv4, 62 of IPv6, 4 more with a tag */
	__u32 flows; /* this and the next one are not used here */
	__u16 sport;
};

struct gen_state {
	__u64 sent; /* frames */
	__u32 flow;
};

/* The interface through which the frames leave. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} gen_dev SEC(".maps");

const volatile struct gen_settings gen;

struct gen_state gen_state;

SEC("xdp")
int xdp_gen_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	__u32 len = gen.len;
	int action;

	if (!len || data + len > data_end)
		return XDP_DROP;
	/* Assignment: the first len bytes of the frame become the headers in gen. */
	action = bpf_redirect_map(&gen_dev, 0, XDP_DROP);
	if (action == XDP_REDIRECT)
		gen_state.sent++;
	return action;
}

char _license[] SEC("license") = "Dual BSD/GPL";
