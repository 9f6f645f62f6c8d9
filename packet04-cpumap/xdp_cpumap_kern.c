// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Packets handed to other CPUs: all of a flow, both directions, to one. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "flow_helpers.h"
#include "parsing_helpers.h"
#include "xdp_cpumap.h"
#include "xdp_stats_kern.h"

/*
 * CPU to its queue, and the program at the end of it. The loader makes this
 * and cpu_steered as large as the machine needs.
 */
struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct bpf_cpumap_val));
} cpu_map SEC(".maps");

/* Bucket to CPU: which flows go where. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BUCKETS);
	__type(key, __u32);
	__type(value, __u32);
} cpu_buckets SEC(".maps");

/* CPU to the packets sent to its queue, counted on the CPU that sent them. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} cpu_steered SEC(".maps");

/* What the second program has done, counted on the CPU that did it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu_work);
} cpu_work SEC(".maps");

/* A setting: what goes to this port is not wanted. 0: everything is. */
const volatile __u16 drop_port;

/* On the CPU that receives: find out whose packet it is, and hand it over. */
SEC("xdp")
int xdp_cpumap_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	__u32 action = XDP_PASS, key, cpu, *bucket;
	struct flow flow;
	__u64 *steered;

	/* ARP and the like, and what is broken, stays on this CPU. */
	if (flow_parse(data, data_end, &flow))
		goto out;
	key = flow_hash(&flow) % BUCKETS;
	bucket = bpf_map_lookup_elem(&cpu_buckets, &key);
	if (!bucket)
		goto out; /* cannot be: for the verifier */
	cpu = *bucket;
	/* For a CPU without a queue it returns the third argument. */
	action = bpf_redirect_map(&cpu_map, cpu, XDP_PASS);
	if (action != XDP_REDIRECT)
		goto out;
	steered = bpf_map_lookup_elem(&cpu_steered, &cpu);
	if (steered)
		++*steered;
out:
	return xdp_stats_record_action(ctx, action);
}

/* On the CPU it was handed to: the work that takes time belongs here. */
SEC("xdp/cpumap")
int xdp_cpumap_target_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct cpu_work *work;
	struct flow flow;
	__u32 key = 0;

	work = bpf_map_lookup_elem(&cpu_work, &key);
	if (!work)
		return XDP_ABORTED; /* cannot be: for the verifier */
	work->packets++;
	work->bytes += data_end - data;
	if (!drop_port || flow_parse(data, data_end, &flow) ||
	    flow.ports.dest != bpf_htons(drop_port))
		return XDP_PASS;
	work->filtered++;
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
