// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The counters as a page of metrics: --prometheus. What the kernel has no tracepoint for is left
 * out: 0 would say that it has not happened.
 */
#include "metrics/metrics.h"
#include "monitor.h"

/* A page for which the counters have been read. */
struct page {
	struct metrics *out;
	const struct monitor *mon;
	struct monitor_record now;
};

/* --dev: the next sample is about one interface. */
static void label_interface(const struct page *page)
{
	if (page->mon->opts.dev.index)
		metrics_label(page->out, "interface", page->mon->opts.dev.name);
}

/* An errno is a label of its own family: there may be any of them, or none. */
static void write_redirect_errors(const struct page *page)
{
	struct event_count sum;
	char name[KEY_NAME_MAX];
	unsigned int key;

	metrics_family(page->out, "xdp_redirect_errors_total", METRICS_COUNTER,
		       "Packets that could not be redirected, by the reason.");
	for (key = 1; key < page->mon->keys[EVENT_REDIRECT]; key++) {
		sum = monitor_sum(&page->now, EVENT_REDIRECT, key);
		if (!sum.packets)
			continue;
		label_interface(page);
		metrics_label(page->out, "errno", monitor_key_name(KEY_ERRNO, key, name));
		metrics_uint(page->out, sum.packets);
	}
}

static void write_redirect(const struct page *page, const char *result, unsigned int first,
			   unsigned int end)
{
	uint64_t packets = 0;
	unsigned int key;

	for (key = first; key < end; key++)
		packets += monitor_sum(&page->now, EVENT_REDIRECT, key).packets;
	label_interface(page);
	metrics_label(page->out, "result", result);
	metrics_uint(page->out, packets);
}

/* Success and errors have tracepoints of their own, and one map. */
static void write_redirects(const struct page *page)
{
	struct bpf_link *const *link = page->mon->link;
	bool success = link[EVENT_REDIRECT] || link[EVENT_REDIRECT_MAP];
	bool error = link[EVENT_REDIRECT_ERR] || link[EVENT_REDIRECT_MAP_ERR];

	if (success || error)
		metrics_family(page->out, "xdp_redirect_packets_total", METRICS_COUNTER,
			       "Packets that were to be redirected.");
	if (success)
		write_redirect(page, "success", 0, 1);
	if (error) {
		write_redirect(page, "error", 1, page->mon->keys[EVENT_REDIRECT]);
		write_redirect_errors(page);
	}
}

/* Of the other events each number is a family. */

static void write_sample(const struct page *page, const struct monitor_event *event,
			 const struct monitor_number *number, unsigned int key,
			 const struct event_count *count)
{
	char name[KEY_NAME_MAX];

	label_interface(page);
	if (event->key == KEY_ACTION)
		metrics_label(page->out, "action", monitor_key_name(KEY_ACTION, key, name));
	metrics_uint(page->out, monitor_value(count, number));
}

/* CPUs where nothing has happened, and pairs without packets, are left out. */
static void write_cpus(const struct page *page, enum event event,
		       const struct monitor_number *number, unsigned int key)
{
	const struct monitor_event *info = &monitor_events[event];
	const struct event_count *count;
	unsigned int i;

	for (i = 0; i < page->mon->cpus.count; i++) {
		count = monitor_count(&page->now, event, key, i);
		if (!count->events)
			continue;
		metrics_label_uint(page->out, info->key == KEY_CPU ? "from" : "cpu",
				   page->mon->cpus.cpu[i]);
		if (info->key == KEY_CPU)
			metrics_label_uint(page->out, "to", key);
		write_sample(page, info, number, key, count);
	}
}

static void write_family(const struct page *page, enum event event,
			 const struct monitor_number *number)
{
	const struct monitor_event *info = &monitor_events[event];
	struct event_count sum;
	unsigned int key;

	metrics_family(page->out, number->metric, METRICS_COUNTER, number->help);
	for (key = 0; key < page->mon->keys[event]; key++) {
		if (info->by_cpu) {
			write_cpus(page, event, number, key);
			continue;
		}
		sum = monitor_sum(&page->now, event, key);
		write_sample(page, info, number, key, &sum);
	}
}

static void write_families(const struct page *page)
{
	const struct monitor_number *number;
	int i;

	for (i = 0; i < EVENTS; i++)
		for (number = monitor_events[i].number; page->mon->link[i] && number->metric;
		     number++)
			write_family(page, (enum event)i, number);
}

/* How far the rest can be trusted. */
static void write_monitor(const struct page *page)
{
	int i;

	metrics_family(page->out, "xdp_monitor_missed_events_total", METRICS_COUNTER,
		       "Events that the kernel has not told.");
	label_interface(page);
	metrics_uint(page->out, page->now.missed);
	metrics_family(page->out, "xdp_monitor_tracepoint_attached", METRICS_GAUGE,
		       "1: the tracepoint is counted at; 0: not wanted, or not there.");
	for (i = 0; i < EVENTS; i++) {
		label_interface(page);
		metrics_label(page->out, "tracepoint", monitor_events[i].tracepoint);
		metrics_uint(page->out, !!page->mon->link[i]);
	}
}

int monitor_metrics(struct metrics *out, void *mon)
{
	struct page page = { .out = out, .mon = mon };
	int err;

	err = monitor_collect(page.mon, &page.now);
	if (err)
		return err;
	write_redirects(&page);
	write_families(&page);
	write_monitor(&page);
	monitor_release(&page.now);
	return 0;
}
