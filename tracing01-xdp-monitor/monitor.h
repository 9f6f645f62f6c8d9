/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The parts of xdp_monitor_user: tracepoints with programs at them, and what
 * these have counted. All functions print one error line before they return an
 * error, which attach_status() turns into an exit status.
 */
#ifndef MONITOR_H
#define MONITOR_H

#include <stdbool.h>
#include <stdint.h>

#include <bpf/libbpf.h>

#include "attach_query.h"
#include "cpus.h"
#include "netif.h"
#include "stats.h"
#include "xdp_monitor.h"

struct metrics_http;

/* What the options say. */
struct monitor_opts {
	struct netif dev; /* only what its packets cause; index 0: everything */
	bool plain; /* plain tracepoints, also where there are types */
	bool errors_only; /* not those that fire for every packet */
	bool all; /* show also what has not moved */
};

/* A map each, in the order in which they are shown. */
enum monitor_kind {
	MONITOR_REDIRECT, /* key: errno, 0 for success */
	MONITOR_EXCEPTION, /* key: XDP action; the last: what is none */
	MONITOR_ENQUEUE, /* key: the CPU that packets go to */
	MONITOR_KTHREAD, /* one key */
	MONITOR_XMIT, /* one key */
	MONITOR_KINDS
};

/* Programs at tracepoints. Zeroed, there is nothing to close. */
struct monitor {
	struct monitor_opts opts;
	struct cpus cpus; /* the possible ones */
	struct bpf_object *obj;
	struct bpf_link *link[EVENTS]; /* NULL: not wanted, or not there */
	int map_fd[MONITOR_KINDS];
	unsigned int keys[MONITOR_KINDS];
	unsigned int watched[ATTACH_SLOTS]; /* programs, see monitor_watch() */
};

/*
 * monitor_open.c: load the programs, and attach them; all counters begin at 0.
 * To be closed, also after an error.
 */
int monitor_open(struct monitor *mon, const struct monitor_opts *opts);
void monitor_close(struct monitor *mon);

/*
 * monitor_watch.c: with --dev, before each report: is the interface still
 * there (else -ENODEV), and has it got other programs? Does nothing without.
 */
int monitor_watch(struct monitor *mon);

/*
 * All counters at one moment. Totals since monitor_open(): they never fall. In
 * struct event_count packets are all that the events were about, drops those
 * of them that were lost.
 */
struct monitor_record {
	double time; /* seconds on the monotonic clock */
	const struct cpus *cpus; /* of the monitor */
	unsigned int keys[MONITOR_KINDS];
	struct event_count *count[MONITOR_KINDS]; /* see monitor_count() */
	uint64_t missed; /* events that the kernel has not told */
};

/*
 * monitor_collect.c: read all counters; to be released, unless it fails.
 * Changes nothing in @mon, so several threads may do so at the same time.
 */
int monitor_collect(const struct monitor *mon, struct monitor_record *rec);
void monitor_release(struct monitor_record *rec);

/* What has been counted of @key (below rec->keys[kind]) on the CPU
 * rec->cpus->cpu[place], place being below rec->cpus->count.
 */
const struct event_count *monitor_count(const struct monitor_record *rec, enum monitor_kind kind,
					unsigned int key, unsigned int place);

/* The same on all CPUs. */
struct event_count monitor_sum(const struct monitor_record *rec, enum monitor_kind kind,
			       unsigned int key);

#define MONITOR_NAME_MAX 32

/*
 * monitor_names.c: the name of @key, in @name (of MONITOR_NAME_MAX bytes): "Success" or an
 * errno's like "EINVAL"; an action's like "XDP_ABORTED"; a CPU's number; "".
 * Returns @name, or a literal.
 */
const char *monitor_key_name(enum monitor_kind kind, unsigned int key, char *name);

/*
 * monitor_report.c: report until @opts or a signal says to end; @server is
 * served meanwhile.
 */
int monitor_report(struct monitor *mon, const struct stats_opts *opts, struct metrics_http *server);

#endif /* MONITOR_H */
