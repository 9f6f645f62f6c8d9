/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What doctor.bats has bpftool load, to know whether there is tp_btf. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tp_btf/xdp_exception")
int tp_func(void *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
