// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: count the exceptions of XDP by action. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "core_types.h"
#include "xdp_exceptions.h"

/* Settings: the interface, and the network namespace in which it has that index */
const volatile __u32 only_ifindex, only_netns;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, EXCEPTIONS_KEYS);
	__type(key, __u32);
	__type(value, __u64);
} exceptions_map SEC(".maps");

static __always_inline int dev_is_ours(const struct net_device *dev)
{
	if (dev->ifindex != only_ifindex)
		return 0;
	return !bpf_core_field_exists(dev->nd_net.net) || dev->nd_net.net->ns.inum == only_netns;
}

SEC("tp_btf/xdp_exception")
int BPF_PROG(trace_xdp_exception, const struct net_device *dev, const struct bpf_prog *prog,
	     __u32 act)
{
	__u32 key = 0;
	__u64 *count;

	if (!dev_is_ours(dev))
		return 0;
	/* Assignment: each under its action, or under EXCEPTIONS_OTHER. */
	count = bpf_map_lookup_elem(&exceptions_map, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
