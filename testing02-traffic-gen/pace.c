// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The loop: send what is due, sleep until more is, report. */
#include "pace.h"
#include "rate.h"
#include "report.h"
#include "signals.h"

/* Until the next frames or the next report. True: a signal has come. */
static bool rest(const struct rate *rate, double now, double sent,
		 double next_report)
{
	double wake = rate_next(rate, now, sent);

	if (wake > next_report)
		wake = next_report;
	wake -= rate_clock();
	return signals_wait(wake > 0 ? wake : 0);
}

/*
 * Send what is due, or sleep when nothing is. Returns 1 when there is more to
 * be done, 0 at the end, or -errno after one error line.
 */
static int step(struct sender *sender, struct rate *rate, double next_report)
{
	double now = rate_clock(), sent = (double)sender_sent(sender);
	unsigned int due = rate_due(rate, now, sent);
	int err;

	if (!due && rate_is_over(rate, now, sent))
		return 0;
	if (!due)
		return !rest(rate, now, sent, next_report);
	if (signals_pending())
		return 0;
	err = sender_send(sender, due);
	rate_learn(rate, due, rate_clock() - now);
	return err ? err : 1;
}

int pace_run(struct sender *sender)
{
	double interval = sender->opts->interval, next_report;
	struct report report;
	struct rate rate;
	int more = 1, err;

	err = report_begin(&report, sender);
	if (err)
		return err;
	rate_begin(&rate, sender->opts, rate_clock());
	next_report = rate.zero + interval;
	while (more > 0 && !err) {
		more = step(sender, &rate, next_report);
		if (more > 0 && rate_clock() >= next_report) {
			err = report_print(&report);
			next_report += interval;
		}
	}
	if (more < 0)
		return more;
	return err ? err : report_end(&report);
}
