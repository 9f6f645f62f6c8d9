// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The main thread while others work: reports, and looks for what goes wrong. */
#include <errno.h>
#include <string.h>

#include "attach.h"
#include "group.h"
#include "log.h"
#include "signals.h"

#define LOOK_SECONDS 0.25

static bool has_socket(const struct group *group, unsigned int queue)
{
	unsigned int i;

	for (i = 0; i < group->count; i++)
		if (group->workers[i].xsk.queue == queue)
			return true;
	return false;
}

/* The commonest reason why nothing arrives: it arrives elsewhere. */
static bool hint(const struct group *group, const struct record *now)
{
	unsigned int q;

	for (q = 0; q < group->queues; q++) {
		if (!now->queue[q].seen || has_socket(group, q))
			continue;
		pr_warn("packets come in on queue %u of '%s', which has no socket (see --queue)", q,
			group->dev.name);
		return true;
	}
	return false;
}

/* Whether all is as it was. Returns 0, or -errno after one error line. */
static int look(const struct group *group, const struct record *now, struct attach *at)
{
	int err = attach_check(at);

	if (err || !now->died)
		return err;
	pr_err("cannot go on with '%s': %s", group->dev.name, strerror(-now->died));
	return now->died;
}

/* Sleep until the next report, or a part of that. True: a signal has come. */
static bool pause_until(double due)
{
	double left = due - monotonic_now();

	return signals_wait(left > LOOK_SECONDS ? LOOK_SECONDS : left > 0 ? left : 0);
}

int group_run(struct group *group, const struct stats_opts *opts, struct attach *at)
{
	struct record before, now;
	unsigned int reports = 0;
	bool hinted = false;
	double wait, due;
	double started;
	int err;

	err = report_collect(group, &before);
	if (err)
		return err;
	started = before.time;
	wait = stats_wait_time(opts, reports, started);
	due = monotonic_now() + wait;
	while (!err && wait >= 0 && !pause_until(due)) {
		err = report_collect(group, &now);
		if (err)
			break;
		err = look(group, &now, at);
		hinted = hinted || hint(group, &now);
		if (err || now.time < due) {
			report_free(&now);
			continue;
		}
		err = report_print(group, opts, &now, &before);
		report_free(&before);
		before = now;
		wait = stats_wait_time(opts, ++reports, started);
		due = monotonic_now() + wait;
	}
	report_free(&before);
	return err;
}
