// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The counters as a page of metrics. What the kernel has no tracepoint for is
 * left out: 0 would say that it has not happened.
 */
#include "monitor_events.h"
#include "monitor_metrics.h"

/* An errno is a label of its own family: there may be any of them, or none. */
static void write_errors(const struct monitor_page *page)
{
	struct event_count sum;
	char name[MONITOR_NAME_MAX];
	unsigned int key;

	metrics_family(page->out, "xdp_redirect_errors_total", METRICS_COUNTER,
		       "Packets that could not be redirected, by the reason.");
	for (key = 1; key < page->now.keys[MONITOR_REDIRECT]; key++) {
		sum = monitor_sum(&page->now, MONITOR_REDIRECT, key);
		if (!sum.packets)
			continue;
		monitor_label(page);
		metrics_label(page->out, "errno", monitor_key_name(MONITOR_REDIRECT, key, name));
		metrics_uint(page->out, sum.packets);
	}
}

static void write_redirect(const struct monitor_page *page, const char *result, unsigned int first,
			   unsigned int end)
{
	const struct monitor_record *now = &page->now;
	uint64_t packets = 0;
	unsigned int key;

	for (key = first; key < end; key++)
		packets += monitor_sum(now, MONITOR_REDIRECT, key).packets;
	monitor_label(page);
	metrics_label(page->out, "result", result);
	metrics_uint(page->out, packets);
}

/* Success and errors have tracepoints of their own. */
static void write_redirects(const struct monitor_page *page)
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
		write_redirect(page, "error", 1, page->now.keys[MONITOR_REDIRECT]);
		write_errors(page);
	}
}

/* What somebody needs to know who is to trust the rest. */
static void write_monitor(const struct monitor_page *page)
{
	int i;

	metrics_family(page->out, "xdp_monitor_missed_events_total", METRICS_COUNTER,
		       "Events that the kernel has not told.");
	monitor_label(page);
	metrics_uint(page->out, page->now.missed);
	metrics_family(page->out, "xdp_monitor_tracepoint_attached", METRICS_GAUGE,
		       "1: the tracepoint is counted at; 0: not wanted, or not there.");
	for (i = 0; i < EVENTS; i++) {
		monitor_label(page);
		metrics_label(page->out, "tracepoint", event_name((enum event)i));
		metrics_uint(page->out, !!page->mon->link[i]);
	}
}

int monitor_metrics(struct metrics *out, void *mon)
{
	struct monitor_page page = { .out = out, .mon = mon };
	int err;

	err = monitor_collect(page.mon, &page.now);
	if (err)
		return err;
	write_redirects(&page);
	monitor_families(&page);
	write_monitor(&page);
	monitor_release(&page.now);
	return 0;
}
