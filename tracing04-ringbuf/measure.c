// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A load through each way, what became of its events, and the table of that. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attach.h"
#include "clock.h"
#include "json.h"
#include "load.h"
#include "log.h"
#include "probe/probe.h"
#include "reader.h"
#include "signals.h"

#define KIB 1024
#define NS_PER_SECOND 1000000000ULL
#define NS_PER_MS 1000000
#define NS_PER_US 1000
#define PERCENT 100

/* What was measured of one way. */
struct measured {
	const struct way *way;
	struct load_sum load;
	struct event_counts counts; /* of the program */
	struct tally tally; /* of the reader */
	unsigned long long wakeups, memory;
	double cpu; /* % of one that the reader has used */
	double seconds; /* in all */
	unsigned int cpus; /* that the load ran on */
};

static double latency_us(const struct tally *tally)
{
	return tally->measured ? tally->ns / (double)tally->measured / NS_PER_US : 0;
}

static void print_row(const struct measured *got, bool first)
{
	if (first)
		printf("%-13s %9s %9s %9s %8s %8s %6s %6s %9s\n", "way", "events", "lost",
		       "disorder", "wakeups", "memory", "CPU", "ns", "latency");
	printf("%-13s %9llu %9llu %9llu %8llu %4llu KiB %4.1f %% %6.0f %6.0f us\n", got->way->name,
	       (unsigned long long)got->counts.produced, (unsigned long long)got->counts.lost,
	       got->tally.out_of_order, got->wakeups, got->memory / KIB, got->cpu, got->load.ns,
	       latency_us(&got->tally));
}

static void print_json(const struct measured *got)
{
	unsigned long long now = wall_clock_ns();
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	json_member(&json, "time", "%llu.%03llu", now / NS_PER_SECOND,
		    now % NS_PER_SECOND / NS_PER_MS);
	json_text(&json, "way", got->way->name);
	json_text(&json, "program", got->way->prog);
	json_member(&json, "period", "%.3f", got->seconds);
	json_member(&json, "cpus", "%u", got->cpus);
	json_member(&json, "packets", "%llu", got->load.events);
	json_member(&json, "events", "%llu", (unsigned long long)got->counts.produced);
	json_member(&json, "received", "%llu", got->tally.received);
	json_member(&json, "lost", "%llu", (unsigned long long)got->counts.lost);
	json_member(&json, "out_of_order", "%llu", got->tally.out_of_order);
	json_member(&json, "wakeups", "%llu", got->wakeups);
	json_member(&json, "memory", "%llu", got->memory);
	json_member(&json, "cpu", "%.2f", got->cpu);
	json_member(&json, "ns", "%.0f", got->load.ns);
	json_member(&json, "latency", "%.1f", latency_us(&got->tally));
	json_close(&json);
}

static void count_event(void *ctx, const struct event *event, const unsigned char *bytes)
{
	struct measured *got = ctx;

	(void)bytes;
	tally_add(&got->tally, event);
}

/* Read until the load is over, or a signal comes. */
static int read_all(struct reader *reader, const struct load *load, const struct events_opts *opts)
{
	int err = 0;

	while (!err && !load_is_over(load) && !signals_pending())
		err = reader_next(reader, opts);
	return err;
}

/* Run the load through the loaded program @prog_fd, and read its events. */
static int run_load(struct measured *got, struct reader *reader, int prog_fd,
		    const struct events_opts *opts)
{
	uint64_t started = monotonic_ns(), cpu = thread_cpu_ns(), period;
	struct load load = { 0 };
	int err, failed;

	err = load_start(&load, prog_fd, opts);
	if (!err)
		err = read_all(reader, &load, opts);
	failed = load_end(&load, &got->load);
	/* The program does not run any more: the last event is among these. */
	if (!err && !failed)
		err = reader_drain(reader);
	period = monotonic_ns() - started;
	got->seconds = (double)period / NS_PER_SECOND;
	got->cpu = (double)(thread_cpu_ns() - cpu) / (double)period * PERCENT;
	got->cpus = load.cpus.count;
	err = probe_explain("prog_run", failed ? failed : err);
	if (!err || err == PROBE_UNSUPPORTED)
		return err;
	pr_err("cannot run '%s': %s", got->way->prog, strerror(-err));
	return -ENOEXEC;
}

static int measure_way(struct measured *got, const struct events_opts *opts)
{
	const struct attach_opts own = { 0 };
	struct reader reader = { .on_event = count_event, .ctx = got };
	struct attach at = { 0 };
	struct bpf_program *prog;
	int err;

	err = attach_open(&at, &own, got->way->object, got->way->prog);
	if (!err)
		err = reader_prepare(at.obj, got->way, opts);
	if (!err)
		err = attach_load_only(&at, &prog);
	if (!err)
		err = reader_open(&reader, at.obj, got->way, opts);
	if (!err)
		err = run_load(got, &reader, bpf_program__fd(prog), opts);
	if (!err)
		got->counts = reader_counts(at.obj);
	got->wakeups = reader.wakeups;
	got->memory = reader.memory;
	reader_close(&reader);
	attach_close(&at);
	return err;
}

/* Whether this kernel has what @way needs. Returns 1, 0 or -errno. */
static int is_supported(const struct way *way, bool must)
{
	char reason[PROBE_REASON_MAX];
	int err;

	if (must) {
		err = probe_require(way->feature);
		return err ? err : 1;
	}
	err = probe_feature(way->feature, reason, sizeof(reason));
	if (err)
		return 1; /* if something else is wrong, loading reports it */
	pr_info("'%s' is left out: this kernel has no '%s' (%s)", way->name, way->feature, reason);
	return 0;
}

int measure_ways(const struct way *const *ways, int count, const struct events_opts *opts,
		 bool must)
{
	sigset_t signals;
	bool first = true;
	int i, err = 0;

	signals_hold(&signals);
	for (i = 0; !err && i < count && !signals_pending(); i++) {
		struct measured got = { .way = ways[i] };

		err = is_supported(ways[i], must);
		if (err <= 0)
			continue;
		err = measure_way(&got, opts);
		if (!err) {
			if (opts->json)
				print_json(&got);
			else
				print_row(&got, first);
			err = output_flush();
		}
		first = false;
	}
	if (!err && first && !signals_pending())
		err = PROBE_UNSUPPORTED; /* nothing was left, as was said */
	signals_restore(&signals);
	return err;
}
