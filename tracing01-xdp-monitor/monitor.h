/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the files of xdp_monitor_user share: the events, the tracepoints with programs at them, and
 * what these have counted. All functions that return an error print one error line before;
 * attach_status() turns it into an exit status.
 */
#ifndef MONITOR_H
#define MONITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/libbpf.h>

#include "attach_query.h"
#include "cpus.h"
#include "netif.h"
#include "stats.h"
#include "xdp_monitor.h"

struct metrics;
struct metrics_http;

#define EVENT_FIELDS_MAX 4
#define EVENT_NUMBERS_MAX (sizeof(struct event_count) / sizeof(__u64))
#define KEY_NAME_MAX 32

/* What the keys of a map are. */
enum key {
	KEY_NONE, /* there is one key */
	KEY_ERRNO, /* 0 for success */
	KEY_ACTION, /* an XDP action; the last key: what is none */
	KEY_CPU, /* the one that packets go to */
};

/* A member of struct event_count, as it is reported of an event. */
struct monitor_number {
	size_t at; /* its offset */
	const char *json; /* its name with --json; NULL: no member of its own */
	const char *unit; /* in the table, behind its rate; NULL: not there */
	const char *metric, *help; /* a family of metrics; NULL: after the last */
};

/* A tracepoint, and what is made of it. */
struct monitor_event {
	const char *tracepoint;
	bool every_packet; /* that is redirected; --errors-only leaves it out */
	/* In the record of a plain one: the fields without which it is of no use. */
	const char *fields[EVENT_FIELDS_MAX];
	/* NULL: it is counted in the map of the last event before it that has one. */
	const char *map;
	enum key key;
	const char *title; /* in the table */
	const char *json;
	bool by_cpu; /* metrics: a sample for each CPU, not their sum */
	struct monitor_number number[EVENT_NUMBERS_MAX + 1];
};

/* monitor_events.c: a line for each event, in the order in which they are reported. */
extern const struct monitor_event monitor_events[EVENTS];

/*
 * monitor_events.c: the name of @key: "Success" or an errno's like "EINVAL"; an action's like
 * "XDP_ABORTED"; a CPU's number; "". Returns @name, of KEY_NAME_MAX bytes, or a literal.
 */
const char *monitor_key_name(enum key kind, unsigned int key, char *name);

struct monitor_opts {
	struct netif dev; /* only what its packets cause; index 0: everything */
	bool plain; /* plain tracepoints, also where there are types */
	bool errors_only; /* not those that fire for every packet */
	bool all; /* show also what did not change */
};

/* Programs at tracepoints. Zeroed, there is nothing to close. */
struct monitor {
	struct monitor_opts opts;
	struct cpus cpus; /* the possible ones */
	struct bpf_object *obj;
	struct bpf_link *link[EVENTS]; /* NULL: not wanted, or not there */
	unsigned int attached; /* tracepoints, as monitor_open() has said; 0: not yet */
	int map_fd[EVENTS]; /* of those that have a map */
	unsigned int keys[EVENTS]; /* 0: no map */
	unsigned int watched[ATTACH_SLOTS]; /* programs, see monitor_watch() */
};

/*
 * monitor_load.c: load the programs, and attach them; all counters begin at 0. Returns 0, or an
 * error: PROBE_UNSUPPORTED when the kernel has no tracepoint that is wanted. To be closed in any
 * case.
 */
int monitor_open(struct monitor *mon, const struct monitor_opts *opts);
void monitor_close(struct monitor *mon);

/*
 * monitor_plain.c: whether the folder @tracefs describes @event with all fields that its program
 * needs; then where they are.
 */
bool monitor_find_plain(int tracefs, enum event event, struct event_fields *fields);

/* monitor_plain.c: attach @prog to a plain tracepoint. NULL, with errno set. */
struct bpf_link *monitor_attach_plain(int tracefs, enum event event,
				      const struct bpf_program *prog);

/*
 * monitor_watch.c: with --dev, before each report: is the interface still there (else -ENODEV), and
 * has it got other programs? Does nothing without.
 */
int monitor_watch(struct monitor *mon);

/*
 * All counters at one moment. Totals since monitor_open(): they never fall. In struct event_count
 * packets are all that the events were about, drops those of them that were lost.
 */
struct monitor_record {
	const struct monitor *mon;
	double time; /* seconds on the monotonic clock */
	struct event_count *count[EVENTS]; /* see monitor_count() */
	uint64_t missed; /* events that the kernel did not report */
};

/* monitor_collect.c: read all counters; to be released, unless it fails. */
int monitor_collect(const struct monitor *mon, struct monitor_record *rec);
void monitor_release(struct monitor_record *rec);

/*
 * monitor_collect.c: what was counted of @key (below keys[event]) on the CPU cpus.cpu[cpu_index],
 * and on all of them.
 */
const struct event_count *monitor_count(const struct monitor_record *rec, enum event event,
					unsigned int key, unsigned int cpu_index);
struct event_count monitor_sum(const struct monitor_record *rec, enum event event,
			       unsigned int key);

/* Add @count to @sum, or with @sign -1 take it away: all members are numbers of the same size. */
static inline void event_count_add(struct event_count *sum, const struct event_count *count,
				   int sign)
{
	const __u64 *from = (const __u64 *)count;
	__u64 *to = (__u64 *)sum;
	size_t i;

	for (i = 0; i < EVENT_NUMBERS_MAX; i++)
		to[i] += (__u64)sign * from[i];
}

/* The member of @count that @number is about. */
static inline uint64_t monitor_value(const struct event_count *count,
				     const struct monitor_number *number)
{
	return *(const __u64 *)((const char *)count + number->at);
}

/* monitor_report.c: report until @opts or a signal ends it; @server is served meanwhile. */
int monitor_report(struct monitor *mon, const struct stats_opts *opts, struct metrics_http *server);

/* monitor_metrics.c: the counters as a page of metrics. A metrics_write_fn: @mon is a monitor. */
int monitor_metrics(struct metrics *out, void *mon);

#endif /* MONITOR_H */
