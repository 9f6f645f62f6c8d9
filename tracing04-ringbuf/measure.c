// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A load through each way, and what became of its events. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "attach.h"
#include "log.h"
#include "measure.h"
#include "probe/probe.h"
#include "reader.h"
#include "signals.h"
#include "stats.h"

#define NS_PER_SECOND 1e9

/* Seconds that this thread, the reader, has worked until now. */
static double cpu_time(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / NS_PER_SECOND;
}

static void take(void *ctx, const struct event *event, const unsigned char *bytes)
{
	struct measured *got = ctx;

	(void)bytes;
	tally_add(&got->tally, event);
}

/* Read until the load is over, or a signal comes; then what is left. */
static int read_all(struct reader *reader, const struct load *load, const struct events_opts *opts)
{
	int err = 0;

	while (!err && !load_is_over(load) && !signals_pending())
		err = reader_next(reader, opts);
	return err;
}

/* Run the load through the loaded program @prog_fd, and read its events. */
static int run(struct measured *got, struct reader *reader, int prog_fd,
	       const struct events_opts *opts)
{
	double started = monotonic_now(), cpu = cpu_time();
	struct load load = { 0 };
	int err, failed;

	err = load_start(&load, prog_fd, opts);
	if (!err)
		err = read_all(reader, &load, opts);
	failed = load_end(&load, &got->load);
	/* Nobody writes any more: the last event is among these. */
	if (!err && !failed)
		err = reader_rest(reader);
	got->seconds = monotonic_now() - started;
	got->cpu = cpu_time() - cpu;
	got->cpus = load.cpus.count;
	err = probe_explain("prog_run", failed ? failed : err);
	if (!err || err == PROBE_UNSUPPORTED)
		return err;
	pr_err("cannot run '%s': %s", got->way->prog, strerror(-err));
	return -ENOEXEC;
}

static int measure(struct measured *got, const struct events_opts *opts)
{
	const struct attach_opts own = { 0 };
	struct reader reader = { .take = take, .ctx = got };
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
		err = run(got, &reader, bpf_program__fd(prog), opts);
	if (!err)
		got->counts = reader_counts(at.obj);
	got->wakeups = reader.wakeups;
	got->memory = reader.memory;
	reader_close(&reader);
	attach_close(&at);
	return err;
}

/* Whether this kernel has what @way needs. Returns 1, 0 or -errno. */
static int works(const struct way *way, bool must)
{
	char reason[PROBE_REASON_MAX];
	int err;

	if (must) {
		err = probe_require(way->feature);
		return err ? err : 1;
	}
	err = probe_feature(way->feature, reason, sizeof(reason));
	if (err)
		return 1; /* what else is wrong, loading will say */
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

		err = works(ways[i], must);
		if (err <= 0)
			continue;
		err = measure(&got, opts);
		if (!err)
			err = measure_print(&got, opts, first);
		first = false;
	}
	if (!err && first && !signals_pending())
		err = PROBE_UNSUPPORTED; /* nothing was left, as was said */
	signals_restore(&signals);
	return err;
}
