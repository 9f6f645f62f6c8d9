// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What xdp_cost_user compares xdp_prog_simple with. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

#include "xdp_cost.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, COST_RING_SIZE);
} cost_ring SEC(".maps");

/* The check of xdp_prog_simple, and nothing that is printed. */
SEC("xdp")
int cost_nothing_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > data_end)
		return XDP_ABORTED;
	return XDP_PASS;
}

SEC("xdp")
int cost_words_func(struct xdp_md *ctx)
{
	bpf_printk("a packet");
	return XDP_PASS;
}

/* As one would like to: twelve numbers, the most there may be (Linux 5.16). */
SEC("xdp")
int cost_bytes_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	unsigned char *s, *d;

	if ((void *)(eth + 1) > data_end)
		return XDP_ABORTED;
	s = eth->h_source;
	d = eth->h_dest;
	bpf_printk("%02x:%02x:%02x:%02x:%02x:%02x > %02x:%02x:%02x:%02x:%02x:%02x", s[0], s[1],
		   s[2], s[3], s[4], s[5], d[0], d[1], d[2], d[3], d[4], d[5]);
	return XDP_PASS;
}

/* The header as it is, for tracing04-ringbuf's way to user space. */
SEC("xdp")
int cost_ring_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct ethhdr *event;

	if ((void *)(eth + 1) > data_end)
		return XDP_ABORTED;
	event = bpf_ringbuf_reserve(&cost_ring, sizeof(*event), 0);
	/* What does not fit must not be taken for something cheap. */
	if (!event)
		return XDP_ABORTED;
	*event = *eth;
	bpf_ringbuf_submit(event, 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
