// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The loop: send what is due, sleep until more is, report. */
#include "pace.h"
#include "packets/schedule.h"
#include "report.h"
#include "signals.h"
#include "stats.h"

/* Until the next frames or the next report. True: a signal has come. */
static bool rest(const struct schedule *schedule, double now, double sent, double next_report)
{
	double wake = schedule_next(schedule, now, sent);

	if (wake > next_report)
		wake = next_report;
	wake -= monotonic_now();
	return signals_wait(wake > 0 ? wake : 0);
}

/*
 * Send what is due, or sleep when nothing is. Returns 1 when there is more to
 * be done, 0 at the end, or -errno after one error line.
 */
static int step(struct sender *sender, struct schedule *schedule, double next_report)
{
	double now = monotonic_now(), sent = (double)sender_sent(sender);
	unsigned int due = schedule_due(schedule, now, sent);
	int err;

	if (!due && schedule_is_over(schedule, now, sent))
		return 0;
	if (!due)
		return !rest(schedule, now, sent, next_report);
	if (signals_pending())
		return 0;
	err = sender_send(sender, due);
	schedule_learn(schedule, due, monotonic_now() - now);
	return err ? err : 1;
}

int pace_run(struct sender *sender)
{
	const struct gen_opts *opts = sender->opts;
	const struct schedule_opts wanted = { .pps = opts->rate,
					      .count = opts->count,
					      .duration = opts->duration };
	double interval = opts->interval, next_report;
	struct report report;
	struct schedule schedule;
	int more = 1, err;

	err = report_begin(&report, sender);
	if (err)
		return err;
	schedule_begin(&schedule, &wanted, monotonic_now());
	next_report = schedule.zero + interval;
	while (more > 0 && !err) {
		more = step(sender, &schedule, next_report);
		if (more > 0 && monotonic_now() >= next_report) {
			err = report_print(&report);
			next_report += interval;
		}
	}
	if (more < 0)
		return more;
	return err ? err : report_end(&report);
}
