// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 02: each packet to the next bucket. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

#define BUCKETS 1024

/* CPU to its queue. The loader makes this and cpu_steered as large as the machine needs. */
struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct bpf_cpumap_val));
} cpu_map SEC(".maps");

/* Bucket to CPU: what goes where. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BUCKETS);
	__type(key, __u32);
	__type(value, __u32);
} cpu_buckets SEC(".maps");

/* CPU to the packets sent to its queue. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} cpu_steered SEC(".maps");

/* Not used here: xdp_cpumap_user looks for it beside the others. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 3 * sizeof(__u64));
} cpu_work SEC(".maps");

SEC("xdp")
int xdp_cpumap_rr_func(struct xdp_md *ctx)
{
	__u32 action = XDP_PASS, bucket = 0, *cpu;
	__u64 *steered;

	/* Assignment: the first packet to bucket 0, each other one to the next bucket. */
	cpu = bpf_map_lookup_elem(&cpu_buckets, &bucket);
	if (!cpu)
		goto out; /* cannot be: for the verifier */
	/* For a CPU without a queue it returns the third argument. */
	action = bpf_redirect_map(&cpu_map, *cpu, XDP_PASS);
	if (action != XDP_REDIRECT)
		goto out;
	steered = bpf_map_lookup_elem(&cpu_steered, cpu);
	if (steered)
		++*steered;
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
