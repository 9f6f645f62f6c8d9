// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Three programs in one object; the loader chooses one by its name. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* On to the network stack. */
SEC("xdp")
int xdp_pass_func(struct xdp_md *ctx)
{
	return XDP_PASS;
}

/* Dropped in silence: what a filter does. */
SEC("xdp")
int xdp_drop_func(struct xdp_md *ctx)
{
	return XDP_DROP;
}

/* Dropped with a trace: what a program does that met an error of its own. */
SEC("xdp")
int xdp_abort_func(struct xdp_md *ctx)
{
	return XDP_ABORTED;
}

char _license[] SEC("license") = "Dual BSD/GPL";
