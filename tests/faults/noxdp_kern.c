// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* An object file with a program, but none for XDP. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int tc_pass_func(struct __sk_buff *skb)
{
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
