// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs that show what prog_run makes of them. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 8);
} dev_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct bpf_devmap_val));
	__uint(max_entries, 8);
} dev_hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 8);
} cpu_map SEC(".maps");

/* Runs, and of these the ones that found a packet which another has changed. */
__u32 runs[2];

/* The first byte of the packet chooses what a program does. */
static __always_inline int choice(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data;

	if ((void *)(data + 1) > (void *)(long)ctx->data_end)
		return -1;
	return *data;
}

static __noinline int redirect_from_function(struct xdp_md *ctx)
{
	return bpf_redirect(ctx->rx_queue_index + 9, 0);
}

/* Calls in front of each other, behind jumps, in a loop, in a function. */
SEC("xdp")
int run_redirect_func(struct xdp_md *ctx)
{
	int i, action = XDP_PASS;

	runs[0]++;
	switch (choice(ctx)) {
	case 0:
		return bpf_redirect(7, 0);
	case 1:
		return redirect_from_function(ctx);
	case 2:
		return bpf_redirect_map(&dev_map, 2, 0);
	case 3:
		return bpf_redirect_map(&dev_hash, 300, 0);
	case 4:
		return bpf_redirect_map(&cpu_map, 0, 0);
	case 5:
		return bpf_redirect_map(&dev_map, 0, BPF_F_BROADCAST);
	case 6:
		bpf_redirect(8, 0);
		return XDP_DROP;
	case 7:
#pragma clang loop unroll(disable)
		for (i = 0; i < 5; i++)
			action = bpf_redirect(20 + i, 0);
		return action;
	case 8:
		return XDP_REDIRECT;
	case 9:
		return bpf_redirect_map(&dev_map, 3, XDP_TX);
	}
	return XDP_PASS;
}

static int redirect_in_callback(__u32 i, void *data)
{
	return bpf_redirect(30 + i, 0) != XDP_REDIRECT;
}

/* A pointer to a function is a distance as well. */
SEC("xdp")
int run_loop_func(struct xdp_md *ctx)
{
	bpf_redirect(5, 0);
	return bpf_loop(4, redirect_in_callback, NULL, 0) == 4 ? XDP_REDIRECT : XDP_ABORTED;
}

/* Only the third run changes a packet that begins with 0; of 1, each does. */
SEC("xdp")
int run_change_func(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data;

	if ((void *)(data + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	if (*data > 1)
		runs[1]++;
	if (++runs[0] == 3 || *data)
		++*data;
	return XDP_PASS;
}

SEC("xdp")
int run_resize_func(struct xdp_md *ctx)
{
	switch (choice(ctx)) {
	case 0:
		return bpf_xdp_adjust_head(ctx, -4) ? XDP_ABORTED : XDP_PASS;
	case 1:
		return bpf_xdp_adjust_tail(ctx, -5) ? XDP_ABORTED : XDP_PASS;
	case 2:
		return bpf_xdp_adjust_meta(ctx, -8) ? XDP_ABORTED : XDP_PASS;
	}
	return XDP_DROP;
}

/* A number that is no verdict of XDP. */
SEC("xdp")
int run_context_func(struct xdp_md *ctx)
{
	return 1000 + ctx->ingress_ifindex * 10 + ctx->rx_queue_index;
}

SEC("xdp.frags")
int run_frags_func(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
