// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The loop: send what is due, sleep until more is. */
#include <math.h>

#include "pace.h"
#include "report.h"
#include "signals.h"

#define BURST 64.0 /* frames at once that no ring is too small for */
#define TICK_MIN 0.0001 /* seconds: sleeping and calling cost time, too */
#define TICK_MAX 0.001
#define LAG_MAX 1.0 /* what is later than this is not made up for */
#define CALL_MIN 0.01 /* how long one call is to take, at full rate */
#define CALL_MAX 0.04
#define CHUNK_MIN 64
#define CHUNK_MAX (1U << 24)

struct pace {
	const struct gen_opts *opts;
	double start, end, next_report;
	double zero; /* frame k is due at zero + k / rate */
	double limit; /* frames in all; infinite: no end */
	double tick;
	unsigned int chunk; /* frames in one call */
};

static double least(double a, double b)
{
	return a < b ? a : b;
}

static double most(double a, double b)
{
	return a > b ? a : b;
}

static double whole(double frames)
{
	return (double)(unsigned long long)frames;
}

static void begin(struct pace *pace, const struct gen_opts *opts)
{
	*pace = (struct pace){
		.opts = opts,
		.start = report_clock(),
		.limit = opts->count ? opts->count : INFINITY,
		.tick = TICK_MAX,
		.chunk = CHUNK_MIN,
	};
	pace->zero = pace->start;
	pace->end = opts->duration ? pace->start + opts->duration : INFINITY;
	pace->next_report = pace->start + opts->interval;
	if (!opts->rate)
		return;
	pace->tick = least(TICK_MAX, most(TICK_MIN, BURST / opts->rate));
	if (opts->duration)
		pace->limit = least(pace->limit,
				    whole(opts->duration * opts->rate + 0.5));
}

/* How many are due at @now, of which @sent have been sent. */
static double due(struct pace *pace, double now, double sent)
{
	double rate = pace->opts->rate, left = pace->limit - sent, late;

	if (!rate)
		return least(pace->chunk, left);
	late = (now - pace->zero) * rate - sent;
	if (late > LAG_MAX * rate) {
		pace->zero = now - (sent + LAG_MAX * rate) / rate;
		late = LAG_MAX * rate;
	}
	if (late < 0)
		return 0;
	return least(least(whole(late) + 1, left), pace->chunk);
}

/* Sleep until something is to be done. True: a signal has come. */
static bool rest(const struct pace *pace, double now, double sent)
{
	double next = pace->zero + sent / pace->opts->rate;
	double wake = most(next, now + pace->tick);

	wake = least(wake, least(pace->end, pace->next_report));
	return signals_wait(most(wake - report_clock(), 0));
}

/* So many that a call takes long enough to be worth it, and not too long. */
static void adapt(struct pace *pace, double n, double seconds)
{
	if (n >= pace->chunk && seconds < CALL_MIN && pace->chunk < CHUNK_MAX)
		pace->chunk *= 2;
	else if (seconds > CALL_MAX && pace->chunk > CHUNK_MIN)
		pace->chunk /= 2;
}

static bool is_over(const struct pace *pace, double now, double sent)
{
	if (sent >= pace->limit)
		return true;
	/* With a rate, those due before the end are sent if they are late. */
	return now >= pace->end + (pace->opts->rate ? LAG_MAX : 0);
}

static int loop(struct pace *pace, struct sender *sender, struct report *report)
{
	double now, sent, n;
	int err = 0;

	while (!err) {
		now = report_clock();
		if (now >= pace->next_report) {
			err = report_print(report);
			pace->next_report += pace->opts->interval;
			continue;
		}
		sent = (double)sender_sent(sender);
		if (is_over(pace, now, sent))
			break;
		n = due(pace, now, sent);
		if (n < 1) {
			if (rest(pace, now, sent))
				break;
			continue;
		}
		if (signals_pending())
			break;
		err = sender_send(sender, (unsigned int)n);
		adapt(pace, n, report_clock() - now);
	}
	return err;
}

int pace_run(struct sender *sender)
{
	struct report report;
	struct pace pace;
	int err = report_begin(&report, sender);

	if (err)
		return err;
	begin(&pace, sender->opts);
	err = loop(&pace, sender, &report);
	return err ? err : report_end(&report);
}
