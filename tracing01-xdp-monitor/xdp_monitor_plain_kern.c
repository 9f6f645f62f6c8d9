// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The same at plain tracepoints: no types, but a record made for people. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "monitor_count_kern.h"

/* A setting: the loader has read in tracefs where the fields are. */
const volatile struct event_fields fields[EVENTS];

/* The verifier accepts only an offset that stands in the instruction itself: so the record is read
 * as any memory of the kernel.
 */
static __always_inline __u32 field(void *record, __u32 offset)
{
	__u32 value = 0;

	if (offset)
		bpf_probe_read_kernel(&value, sizeof(value), record + offset);
	return value;
}

/* A record may have the program, but not the namespace of the interface. */
static __always_inline int is_ours(void *record, enum event event)
{
	__u32 id;

	if (!only_ifindex)
		return 1;
	if (field(record, fields[event].ifindex) != only_ifindex)
		return 0;
	id = field(record, fields[event].prog_id);
	return !id || bpf_map_lookup_elem(&watched_progs, &id);
}

static __always_inline int redirect(void *record, enum event event)
{
	if (!is_ours(record, event))
		return 0;
	return count_redirect(field(record, fields[event].err));
}

/* Four tracepoints whose records have the same fields */
#define REDIRECT(name, event) \
	SEC("tp/xdp/" #name) \
	int trace_##name(void *record) \
	{ \
		return redirect(record, event); \
	}

REDIRECT(xdp_redirect, EVENT_REDIRECT)
REDIRECT(xdp_redirect_err, EVENT_REDIRECT_ERR)
REDIRECT(xdp_redirect_map, EVENT_REDIRECT_MAP)
REDIRECT(xdp_redirect_map_err, EVENT_REDIRECT_MAP_ERR)

SEC("tp/xdp/xdp_exception")
int trace_xdp_exception(void *record)
{
	if (!is_ours(record, EVENT_EXCEPTION))
		return 0;
	return count_exception(field(record, fields[EVENT_EXCEPTION].act));
}

SEC("tp/xdp/xdp_cpumap_enqueue")
int trace_xdp_cpumap_enqueue(void *record)
{
	const volatile struct event_fields *at = &fields[EVENT_ENQUEUE];

	if (map_is_ours(field(record, at->map_id)))
		count(&cpumap_enqueue_cnt, field(record, at->to_cpu), field(record, at->packets),
		      field(record, at->drops), 0);
	return 0;
}

SEC("tp/xdp/xdp_cpumap_kthread")
int trace_xdp_cpumap_kthread(void *record)
{
	const volatile struct event_fields *at = &fields[EVENT_KTHREAD];

	if (!map_is_ours(field(record, at->map_id)))
		return 0;
	count(&cpumap_kthread_cnt, 0, field(record, at->packets), field(record, at->drops),
	      !!field(record, at->sched));
	return count_verdicts(field(record, at->xdp_pass), field(record, at->xdp_drop),
			      field(record, at->xdp_redirect));
}

SEC("tp/xdp/xdp_devmap_xmit")
int trace_xdp_devmap_xmit(void *record)
{
	const volatile struct event_fields *at = &fields[EVENT_XMIT];
	__u32 drops = field(record, at->drops);

	if (is_ours(record, EVENT_XMIT))
		count(&devmap_xmit_cnt, 0, field(record, at->packets) + drops, drops,
		      !!field(record, at->err));
	return 0;
}
