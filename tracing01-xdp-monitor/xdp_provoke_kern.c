// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs that lose every packet, each in another way. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define NO_ACTION 42
#define NO_INTERFACE 0x7fffffff
#define LOOPBACK 1 /* in every network namespace */

/* A verdict that is none: the driver takes it for XDP_ABORTED. */
SEC("xdp")
int xdp_unknown_func(struct xdp_md *ctx)
{
	return NO_ACTION;
}

/* The helper does not look whether there is such an interface. */
SEC("xdp")
int xdp_nowhere_func(struct xdp_md *ctx)
{
	return bpf_redirect(NO_INTERFACE, 0);
}

/* There is one, whose driver cannot send what XDP redirects. */
SEC("xdp")
int xdp_loopback_func(struct xdp_md *ctx)
{
	return bpf_redirect(LOOPBACK, 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";
