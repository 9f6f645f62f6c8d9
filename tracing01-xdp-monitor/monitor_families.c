// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The families of metrics that are maps, as they are. */
#include <stddef.h>

#include "monitor_metrics.h"

/* What tells the samples of a family apart */
enum split {
	BY_NOTHING,
	BY_ACTION, /* the key */
	BY_CPU, /* where it happened, if it did */
	BY_PAIR, /* the same and the CPU that packets go to, the key */
};

/* clang-format off */
#define FAMILY(name, kind, split, member, help)           \
	{ name, MONITOR_##kind, EVENT_##kind, split,      \
	  offsetof(struct event_count, member), help }
/* clang-format on */

/* One member of the values of one map */
static const struct family {
	const char *name;
	enum monitor_kind kind;
	enum event event; /* whose tracepoint tells it */
	enum split split;
	size_t member; /* of struct event_count */
	const char *help;
} families[] = {
	FAMILY("xdp_exceptions_total", EXCEPTION, BY_ACTION, packets,
	       "Packets that were lost by the verdict on them."),
	FAMILY("xdp_cpumap_enqueue_packets_total", ENQUEUE, BY_PAIR, packets,
	       "Packets for the queue of a CPU, those that did not fit included."),
	FAMILY("xdp_cpumap_enqueue_drops_total", ENQUEUE, BY_PAIR, drops,
	       "Packets that did not fit into the queue of a CPU."),
	FAMILY("xdp_cpumap_enqueue_bulks_total", ENQUEUE, BY_PAIR, events,
	       "Bulks of packets for the queue of a CPU."),
	FAMILY("xdp_cpumap_kthread_packets_total", KTHREAD, BY_CPU, packets,
	       "Packets that a CPU has taken out of its queues."),
	FAMILY("xdp_cpumap_kthread_drops_total", KTHREAD, BY_CPU, drops,
	       "Packets that a CPU has taken out and had no memory for."),
	FAMILY("xdp_cpumap_kthread_runs_total", KTHREAD, BY_CPU, events,
	       "Times that a CPU has looked into its queues."),
	FAMILY("xdp_cpumap_kthread_sleeps_total", KTHREAD, BY_CPU, info,
	       "Times that it had slept before, as they were empty."),
	FAMILY("xdp_cpumap_kthread_xdp_pass_total", KTHREAD, BY_CPU, xdp_pass,
	       "Packets that the program behind the queue has passed."),
	FAMILY("xdp_cpumap_kthread_xdp_drop_total", KTHREAD, BY_CPU, xdp_drop,
	       "Packets that the program behind the queue has dropped."),
	FAMILY("xdp_cpumap_kthread_xdp_redirect_total", KTHREAD, BY_CPU, xdp_redirect,
	       "Packets that the program behind the queue has redirected."),
	FAMILY("xdp_devmap_xmit_packets_total", XMIT, BY_NOTHING, packets,
	       "Packets for the drivers of interfaces, lost ones included."),
	FAMILY("xdp_devmap_xmit_drops_total", XMIT, BY_NOTHING, drops,
	       "Packets that the driver of an interface did not take."),
	FAMILY("xdp_devmap_xmit_bulks_total", XMIT, BY_NOTHING, events,
	       "Bulks of packets for the drivers of interfaces."),
	FAMILY("xdp_devmap_xmit_driver_errors_total", XMIT, BY_NOTHING, info,
	       "Bulks for which the driver returned an error."),
};

void monitor_label(const struct monitor_page *page)
{
	if (page->mon->opts.dev.index)
		metrics_label(page->out, "interface", page->mon->opts.dev.name);
}

static void write_sample(const struct monitor_page *page, const struct family *family,
			 unsigned int key, const struct event_count *count)
{
	char name[MONITOR_NAME_MAX];

	monitor_label(page);
	if (family->split == BY_ACTION)
		metrics_label(page->out, "action", monitor_key_name(family->kind, key, name));
	metrics_uint(page->out, *(const __u64 *)((const char *)count + family->member));
}

/* Pairs of CPUs that have nothing to do with each other are left out. */
static void write_cpus(const struct monitor_page *page, const struct family *family,
		       unsigned int key)
{
	const struct event_count *count;
	unsigned int i, cpu;

	for (i = 0; i < page->now.cpus->count; i++) {
		count = monitor_count(&page->now, family->kind, key, i);
		cpu = (unsigned int)page->now.cpus->cpu[i];
		if (!count->events)
			continue;
		metrics_label_uint(page->out, family->split == BY_PAIR ? "from" : "cpu", cpu);
		if (family->split == BY_PAIR)
			metrics_label_uint(page->out, "to", key);
		write_sample(page, family, key, count);
	}
}

static void write_family(const struct monitor_page *page, const struct family *family)
{
	struct event_count sum;
	unsigned int key;

	if (!page->mon->link[family->event])
		return;
	metrics_family(page->out, family->name, METRICS_COUNTER, family->help);
	for (key = 0; key < page->now.keys[family->kind]; key++) {
		if (family->split == BY_CPU || family->split == BY_PAIR) {
			write_cpus(page, family, key);
			continue;
		}
		sum = monitor_sum(&page->now, family->kind, key);
		write_sample(page, family, key, &sum);
	}
}

void monitor_families(const struct monitor_page *page)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		write_family(page, &families[i]);
}
