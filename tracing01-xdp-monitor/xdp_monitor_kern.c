// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Count the kernel's XDP events, at tracepoints with types (BTF). */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "core_types.h"
#include "monitor_count_kern.h"

/* A setting: the namespace that only_ifindex is a number of */
const volatile __u32 only_netns;

/* Interfaces of different namespaces may have the same index. */
static __always_inline int dev_is_ours(const struct net_device *dev)
{
	if (!only_ifindex)
		return 1;
	if (dev->ifindex != only_ifindex)
		return 0;
	return !bpf_core_field_exists(dev->nd_net.net) || dev->nd_net.net->ns.inum == only_netns;
}

/* For every packet that is sent elsewhere. */
SEC("tp_btf/xdp_redirect")
int BPF_PROG(trace_xdp_redirect, const struct net_device *dev)
{
	return dev_is_ours(dev) ? count_redirect(0) : 0;
}

SEC("tp_btf/xdp_redirect_err")
int BPF_PROG(trace_xdp_redirect_err, const struct net_device *dev, const struct bpf_prog *prog,
	     const void *target, int err)
{
	return dev_is_ours(dev) ? count_redirect(err) : 0;
}

/* The same two through a map, where the kernel has tracepoints of their own for that. */
SEC("tp_btf/xdp_redirect_map")
int BPF_PROG(trace_xdp_redirect_map, const struct net_device *dev)
{
	return dev_is_ours(dev) ? count_redirect(0) : 0;
}

SEC("tp_btf/xdp_redirect_map_err")
int BPF_PROG(trace_xdp_redirect_map_err, const struct net_device *dev, const struct bpf_prog *prog,
	     const void *target, int err)
{
	return dev_is_ours(dev) ? count_redirect(err) : 0;
}

/* A verdict that lost the packet: XDP_ABORTED, one that is none, or XDP_TX
 * and XDP_REDIRECT that did not work out.
 */
SEC("tp_btf/xdp_exception")
int BPF_PROG(trace_xdp_exception, const struct net_device *dev, const struct bpf_prog *prog,
	     __u32 act)
{
	return dev_is_ours(dev) ? count_exception(act) : 0;
}

/* Up to eight packets were put into the queue of a CPU, or did not fit. */
SEC("tp_btf/xdp_cpumap_enqueue")
int BPF_PROG(trace_xdp_cpumap_enqueue, int map_id, unsigned int processed, unsigned int drops,
	     int to_cpu)
{
	if (map_is_ours(map_id))
		count(&cpumap_enqueue_cnt, to_cpu, processed, drops, 0);
	return 0;
}

/* The CPU has taken some out. sched: it had slept before. */
SEC("tp_btf/xdp_cpumap_kthread")
int BPF_PROG(trace_xdp_cpumap_kthread, int map_id, unsigned int processed, unsigned int drops,
	     int sched)
{
	const struct xdp_cpumap_stats *stats;

	if (!map_is_ours(map_id))
		return 0;
	count(&cpumap_kthread_cnt, 0, processed, drops, !!sched);
	/* An argument that older kernels do not have cannot be named above. */
	if (!bpf_core_type_exists(struct xdp_cpumap_stats))
		return 0;
	stats = (const void *)ctx[4];
	return count_verdicts(stats->pass, stats->drop, stats->redirect);
}

/* Up to sixteen packets were handed to a driver, which has sent so many. */
SEC("tp_btf/xdp_devmap_xmit")
int trace_xdp_devmap_xmit(__u64 *ctx)
{
	const struct net_device *from = (const void *)ctx[0];
	__u32 sent = ctx[2], drops = ctx[3];
	int err = ctx[4];

	/* The arguments had another order once. */
	if (bpf_core_field_exists(struct trace_event_raw_xdp_devmap_xmit___linux_5_5, map_index)) {
		from = (const void *)ctx[4];
		err = ctx[6];
	}
	if (dev_is_ours(from))
		count(&devmap_xmit_cnt, 0, sent + drops, drops, err < 0);
	return 0;
}
