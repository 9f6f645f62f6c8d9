// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The verifier refuses this: it reads a packet that it has not measured. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int xdp_unchecked_func(struct xdp_md *ctx)
{
	const char *data = (const char *)(long)ctx->data;

	return data[0] ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
