/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The program that the lab keeps on one end of its veth pair: it lets every
 * packet pass.
 *
 * A veth sends what XDP_TX or a redirect hands it only while its other end
 * receives by XDP, that is, while a native program is there. The "frags"
 * section allows an MTU above one page (--mtu 9000).
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp.frags")
int xdp_lab_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
