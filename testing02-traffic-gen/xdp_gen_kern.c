// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What a generated frame becomes: a UDP packet of the next flow, on its way. */
#include <linux/bpf.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "xdp_gen.h"

/* The interface through which the frames leave. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} gen_dev SEC(".maps");

const volatile struct gen_settings gen;

struct gen_state gen_state;

/*
 * Write the headers anew: the page has been used before, and its receiver may
 * have changed them. The length is a setting: what is beyond it is dead code
 * for the verifier, which leaves a handful of stores.
 */
static __always_inline void write_headers(void *data, __u32 len)
{
	int i;

#pragma unroll
	for (i = 0; i < GEN_WORDS; i++)
		if ((i + 1) * sizeof(__u64) <= len)
			((__u64 *)data)[i] = gen.word[i];
	*(__u64 *)(data + len - sizeof(__u64)) = gen.last;
}

/* Another source port than in the frame before, and the checksum with it. */
static __always_inline void write_flow(struct udphdr *udph)
{
	__u32 flow = gen_state.flow;

	udph->source = bpf_htons(gen.sport + flow);
	udp_csum_replace2(&udph->check, bpf_htons(gen.sport), udph->source);
	flow++;
	gen_state.flow = flow < gen.flows ? flow : 0;
}

SEC("xdp")
int xdp_gen_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	__u32 len = gen.len;
	int action;

	/* Neither can be, once the settings are there: for the verifier. */
	if (!len || data + len > data_end)
		return XDP_DROP;
	write_headers(data, len);
	if (gen.flows > 1)
		write_flow(data + len - sizeof(struct udphdr));
	/* XDP_DROP says that the interface is gone, and its element with it. */
	action = bpf_redirect_map(&gen_dev, 0, XDP_DROP);
	if (action == XDP_REDIRECT)
		gen_state.sent++;
	return action;
}

char _license[] SEC("license") = "Dual BSD/GPL";
