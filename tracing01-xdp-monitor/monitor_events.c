// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The table of events: all that the command needs to know of each, and what keys are called. */
#include <errno.h>
#include <stdio.h>

#include "monitor.h"

/* Begins a line of .number: a member; then its name in JSON, its unit in the table, its metric. */
#define AT(member) offsetof(struct event_count, member)

const struct monitor_event monitor_events[EVENTS] = {
	/* The metrics of redirections are made of several events: see monitor_metrics.c. */
	[EVENT_REDIRECT] = {
		.tracepoint = "xdp_redirect",
		.every_packet = true,
		.fields = { "err", "ifindex" },
		.map = "redirect_err_cnt",
		.key = KEY_ERRNO,
		.title = "XDP_REDIRECT",
		.json = "redirect",
	},
	[EVENT_REDIRECT_ERR] = {
		.tracepoint = "xdp_redirect_err",
		.fields = { "err", "ifindex" },
	},
	[EVENT_REDIRECT_MAP] = {
		.tracepoint = "xdp_redirect_map",
		.every_packet = true,
		.fields = { "err", "ifindex" },
	},
	[EVENT_REDIRECT_MAP_ERR] = {
		.tracepoint = "xdp_redirect_map_err",
		.fields = { "err", "ifindex" },
	},
	[EVENT_EXCEPTION] = {
		.tracepoint = "xdp_exception",
		.fields = { "act", "ifindex" },
		.map = "exception_cnt",
		.key = KEY_ACTION,
		.title = "Exception",
		.json = "exception",
		.number = {
			{ AT(packets), NULL, NULL, "xdp_exceptions_total",
			  "Packets that were lost by the verdict on them." },
		},
	},
	[EVENT_ENQUEUE] = {
		.tracepoint = "xdp_cpumap_enqueue",
		.fields = { "map_id", "processed", "drops", "to_cpu" },
		.map = "cpumap_enqueue_cnt",
		.key = KEY_CPU,
		.title = "cpumap-enqueue",
		.json = "cpumap_enqueue",
		.by_cpu = true,
		.number = {
			{ AT(packets), NULL, NULL, "xdp_cpumap_enqueue_packets_total",
			  "Packets for the queue of a CPU, those that did not fit included." },
			{ AT(drops), NULL, NULL, "xdp_cpumap_enqueue_drops_total",
			  "Packets that did not fit into the queue of a CPU." },
			{ AT(events), "events", "bulk-average", "xdp_cpumap_enqueue_bulks_total",
			  "Bulks of packets for the queue of a CPU." },
		},
	},
	[EVENT_KTHREAD] = {
		.tracepoint = "xdp_cpumap_kthread",
		.fields = { "map_id", "processed", "drops", "sched" },
		.map = "cpumap_kthread_cnt",
		.title = "cpumap-kthread",
		.json = "cpumap_kthread",
		.by_cpu = true,
		.number = {
			{ AT(packets), NULL, NULL, "xdp_cpumap_kthread_packets_total",
			  "Packets that a CPU has taken out of its queues." },
			{ AT(drops), NULL, NULL, "xdp_cpumap_kthread_drops_total",
			  "Packets that a CPU has taken out and had no memory for." },
			{ AT(events), "events", NULL, "xdp_cpumap_kthread_runs_total",
			  "Times that a CPU has looked into its queues." },
			{ AT(info), "sched", "sched", "xdp_cpumap_kthread_sleeps_total",
			  "Times that it had slept before, as they were empty." },
			{ AT(xdp_pass), "xdp_pass", "pass", "xdp_cpumap_kthread_xdp_pass_total",
			  "Packets that the program behind the queue has passed." },
			{ AT(xdp_drop), "xdp_drop", "drop", "xdp_cpumap_kthread_xdp_drop_total",
			  "Packets that the program behind the queue has dropped." },
			{ AT(xdp_redirect), "xdp_redirect", "redirect",
			  "xdp_cpumap_kthread_xdp_redirect_total",
			  "Packets that the program behind the queue has redirected." },
		},
	},
	[EVENT_XMIT] = {
		.tracepoint = "xdp_devmap_xmit",
		.fields = { "sent", "drops", "err", "from_ifindex" },
		.map = "devmap_xmit_cnt",
		.title = "devmap-xmit",
		.json = "devmap_xmit",
		.number = {
			{ AT(packets), NULL, NULL, "xdp_devmap_xmit_packets_total",
			  "Packets for the drivers of interfaces, lost ones included." },
			{ AT(drops), NULL, NULL, "xdp_devmap_xmit_drops_total",
			  "Packets that the driver of an interface did not take." },
			{ AT(events), "events", "bulk-average", "xdp_devmap_xmit_bulks_total",
			  "Bulks of packets for the drivers of interfaces." },
			{ AT(info), "drv_err", "drv-err", "xdp_devmap_xmit_driver_errors_total",
			  "Bulks for which the driver returned an error." },
		},
	},
};

/* What redirecting a packet may end with, as far as is known. */
static const struct {
	int number;
	const char *name;
} errors[] = {
	{ EPERM, "EPERM" },	  { ENOENT, "ENOENT" },
	{ EIO, "EIO" },		  { ENXIO, "ENXIO" },
	{ E2BIG, "E2BIG" },	  { EBADF, "EBADF" },
	{ EAGAIN, "EAGAIN" },	  { ENOMEM, "ENOMEM" },
	{ EFAULT, "EFAULT" },	  { EBUSY, "EBUSY" },
	{ ENODEV, "ENODEV" },	  { EINVAL, "EINVAL" },
	{ ENOSPC, "ENOSPC" },	  { ERANGE, "ERANGE" },
	{ EBADRQC, "EBADRQC" },	  { EOVERFLOW, "EOVERFLOW" },
	{ EMSGSIZE, "EMSGSIZE" }, { EOPNOTSUPP, "EOPNOTSUPP" },
	{ ENETDOWN, "ENETDOWN" }, { ENETUNREACH, "ENETUNREACH" },
	{ ENOBUFS, "ENOBUFS" },
};

static const char *error_name(unsigned int number, char *name)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].number == (int)number)
			return errors[i].name;
	if (number == REDIRECT_KEYS - 1)
		return "unknown";
	snprintf(name, KEY_NAME_MAX, "errno %u", number);
	return name;
}

const char *monitor_key_name(enum key kind, unsigned int key, char *name)
{
	switch (kind) {
	case KEY_ERRNO:
		return key ? error_name(key, name) : "Success";
	case KEY_ACTION:
		return action2str(key);
	case KEY_CPU:
		snprintf(name, KEY_NAME_MAX, "%u", key);
		return name;
	default:
		return "";
	}
}
