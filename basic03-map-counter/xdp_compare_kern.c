// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The same counter in three ways, to see what each counts and what it costs. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* One value that all CPUs write. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} shared_map SEC(".maps");

/* A value for each CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} percpu_map SEC(".maps");

/* Read, add, write: what another CPU wrote in between is lost. */
SEC("xdp")
int count_plain_func(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&shared_map, &key);

	if (value)
		*value += 1;
	return XDP_PASS;
}

/* One instruction that no CPU can interrupt, and that each has to wait for. */
SEC("xdp")
int count_atomic_func(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&shared_map, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
	return XDP_PASS;
}

/* Nobody else writes this one. */
SEC("xdp")
int count_percpu_func(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&percpu_map, &key);

	if (value)
		*value += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
