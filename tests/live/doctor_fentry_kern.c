/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What doctor.bats has bpftool load, to know whether there is fentry. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("fentry/bpf_fentry_test1")
int fentry_func(void *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
