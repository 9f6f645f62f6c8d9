// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Packets that a full queue has not taken: only a tracepoint reports them. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* CPU to the packets its queue did not take, counted on the CPU that sent. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} cpu_overflow SEC(".maps");

/* A setting: the tracepoint fires for every cpumap of the machine. */
const volatile __u32 cpu_map_id;

/*
 * xdp_cpumap_enqueue(map_id, processed, drops, to_cpu): once for up to eight
 * packets that have been put into the queue of a CPU, or did not fit.
 */
SEC("raw_tp/xdp_cpumap_enqueue")
int trace_cpumap_enqueue(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 cpu = ctx->args[3], drops = ctx->args[2];
	__u64 *overflow;

	if (!drops || (__u32)ctx->args[0] != cpu_map_id)
		return 0;
	overflow = bpf_map_lookup_elem(&cpu_overflow, &cpu);
	if (overflow)
		*overflow += drops;
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
