/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The maps and how events are counted in them: the same for the programs of
 * both objects, which differ in how they get at an event's arguments.
 */
#ifndef MONITOR_COUNT_KERN_H
#define MONITOR_COUNT_KERN_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_monitor.h"

/* errno to redirections with this result */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REDIRECT_KEYS);
	__type(key, __u32);
	__type(value, struct event_count);
} redirect_err_cnt SEC(".maps");

/* XDP action to packets that were lost by it */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EXCEPTION_KEYS);
	__type(key, __u32);
	__type(value, struct event_count);
} exception_cnt SEC(".maps");

/* CPU to what was put into its queue. The loader makes this as large as the
 * machine needs.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_count);
} cpumap_enqueue_cnt SEC(".maps");

/* What CPUs have taken out of their queues */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_count);
} cpumap_kthread_cnt SEC(".maps");

/* What was handed to drivers to be sent */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_count);
} devmap_xmit_cnt SEC(".maps");

/* The ids of programs and of cpumaps that --dev is about */
struct watched_ids {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
};

struct watched_ids watched_progs SEC(".maps");
struct watched_ids watched_maps SEC(".maps");

/* A setting, --dev: only what this interface's packets have caused; 0: all */
const volatile __u32 only_ifindex;

static __always_inline int map_is_ours(__u32 map_id)
{
	return !only_ifindex || bpf_map_lookup_elem(&watched_maps, &map_id);
}

/* Nobody else writes this CPU's counters: no atomic operation is needed. */
static __always_inline void count(void *map, __u32 key, __u32 packets, __u32 drops, __u32 info)
{
	struct event_count *sum = bpf_map_lookup_elem(map, &key);

	if (!sum)
		return; /* a CPU that cannot be, and for the verifier */
	sum->packets += packets;
	sum->drops += drops;
	sum->events++;
	sum->info += info;
}

/* @err: 0 or -errno */
static __always_inline int count_redirect(int err)
{
	__u32 key = -err;

	if (key >= REDIRECT_KEYS)
		key = REDIRECT_KEYS - 1;
	count(&redirect_err_cnt, key, 1, !!err, 0);
	return 0;
}

static __always_inline int count_exception(__u32 act)
{
	if (act >= XDP_ACTION_MAX)
		act = XDP_ACTION_MAX;
	count(&exception_cnt, act, 1, 1, 0);
	return 0;
}

/* The verdicts of the program behind the queue, beside count(). */
static __always_inline int count_verdicts(__u32 pass, __u32 drop, __u32 redirect)
{
	struct event_count *sum;
	__u32 key = 0;

	sum = bpf_map_lookup_elem(&cpumap_kthread_cnt, &key);
	if (!sum)
		return 0; /* cannot be: for the verifier */
	sum->xdp_pass += pass;
	sum->xdp_drop += drop;
	sum->xdp_redirect += redirect;
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";

#endif /* MONITOR_COUNT_KERN_H */
