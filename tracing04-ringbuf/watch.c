// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Events of an interface, a line each: attach, read, detach. */
#include <errno.h>
#include <string.h>

#include "attach.h"
#include "log.h"
#include "reader.h"
#include "signals.h"
#include "stats.h"
#include "tally.h"
#include "watch_print.h"

#define CHECK 0.2 /* seconds between two looks at the interface */

struct watched {
	const struct events_opts *opts;
	struct tally tally;
	double offset; /* from the kernel's clock to that on the wall */
};

static bool has_all(const struct watched *seen)
{
	return seen->opts->count && seen->tally.received >= seen->opts->count;
}

static void take(void *ctx, const struct event *event, const unsigned char *bytes)
{
	struct watched *seen = ctx;

	if (has_all(seen))
		return;
	tally_add(&seen->tally, event);
	watch_print(seen->opts, event, bytes, seen->offset);
}

/* The reader's loop: wait, take what is there, see whether to go on. */
static int read_events(struct watched *seen, struct reader *reader, struct attach *at)
{
	double check = 0, end = monotonic_now() + seen->opts->duration;
	int err = 0;

	while (!err && !has_all(seen) && !signals_pending()) {
		if (seen->opts->duration && monotonic_now() >= end)
			break;
		err = reader_next(reader, seen->opts);
		if (err) {
			pr_err("cannot read events: %s", strerror(-err));
			return -ENOEXEC;
		}
		err = output_flush();
		/* The interface, or our program, may have gone meanwhile. */
		if (!err && monotonic_now() >= check) {
			err = attach_check(at);
			check = monotonic_now() + CHECK;
		}
	}
	return err;
}

static void print_sum(const struct watched *seen, struct event_counts counts)
{
	pr_info("%llu events, %llu lost, %llu out of order", seen->tally.received,
		(unsigned long long)counts.lost, seen->tally.out_of_order);
}

int watch(const struct way *way, const struct events_opts *opts)
{
	struct watched seen = { .opts = opts, .offset = watch_offset() };
	struct reader reader = { .take = take, .ctx = &seen };
	struct attach at = { 0 };
	int err;

	err = attach_open(&at, &opts->attach, way->object, way->prog);
	if (!err)
		err = reader_prepare(at.obj, way, opts);
	if (!err)
		err = attach_load(&at, &opts->dev, &opts->attach);
	if (err)
		goto close;

	/* The map is there since the program was loaded. */
	err = reader_open(&reader, at.obj, way, opts);
	if (!err) {
		pr_info("waiting for packets on '%s'", opts->dev.name);
		err = read_events(&seen, &reader, &at);
	}

	/* A runner leaves the interface as it found it. */
	if (attach_detach(&at) && !err)
		err = -EIO;
	if (!err)
		print_sum(&seen, reader_counts(at.obj));
	reader_close(&reader);
close:
	attach_close(&at);
	return err;
}
