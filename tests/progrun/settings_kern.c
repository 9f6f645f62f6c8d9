/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Settings: drop what is as long as one of them and begins with another. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 wanted_len;
const volatile __u8 wanted_start[3];
const volatile __u32 other = 77; /* stays what it is */

SEC("xdp")
int settings_func(struct xdp_md *ctx)
{
	__u8 *data_end = (void *)(long)ctx->data_end;
	__u8 *data = (void *)(long)ctx->data;

	if (data + sizeof(wanted_start) > data_end || other != 77 ||
	    ctx->data_end - ctx->data != wanted_len)
		return XDP_PASS;
	if (data[0] != wanted_start[0] || data[1] != wanted_start[1] || data[2] != wanted_start[2])
		return XDP_TX;
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
