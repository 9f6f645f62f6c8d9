// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* When packets are due: at a rate, as fast as it goes, and after a delay. */
#include <float.h>
#include <math.h>

#include "packets/schedule.h"
#include "tap.h"

#define START 1000.0 /* seconds: any time will do */

static struct schedule schedule;

static void begin(double pps, double count, double duration)
{
	const struct schedule_opts opts = { .pps = pps, .count = count, .duration = duration };

	schedule_begin(&schedule, &opts, START);
}

static unsigned int due(double seconds, double sent)
{
	return schedule_due(&schedule, START + seconds, sent);
}

static bool over(double seconds, double sent)
{
	return schedule_is_over(&schedule, START + seconds, sent);
}

static void test_slow(void)
{
	begin(1, 3, 0);
	is_int(due(0, 0), 1, "one a second: the first one at once");
	is_int(due(0, 1), 0, "and then none");
	is_int(due(0.99, 1), 0, "nor a little before its time");
	is_int(due(1, 1), 1, "the second one after a second");
	is_int(due(2.5, 2), 1, "the third one, half a second late");
	is_int(due(3, 3), 0, "no more than the count");
	ok(!over(100, 2) && over(2, 3), "over with the last one");
	ok(fabs(schedule_next(&schedule, START + 0.2, 1) - START - 1) < 1e-9,
	   "the next one's time is known");
	ok(schedule_next(&schedule, START + 1, 1) > START + 1, "it is never now");
}

/* A loop as a sender has it: so many in each of @steps steps of a second. */
static double send_all(double seconds, int steps, double lost)
{
	double sent = 0;
	int i;

	for (i = 0; i <= seconds * steps; i++) {
		/* It could not run for a while. */
		if (i && i < lost * steps)
			continue;
		sent += due((double)i / steps, sent);
	}
	return sent;
}

static void test_rate(void)
{
	begin(10000, 0, 0);
	is_int((long long)send_all(3, 1000, 0), 30001, "ten a millisecond for 3 seconds");
	begin(10000, 0, 3);
	is_int((long long)send_all(4, 1000, 0), 30000, "so many in all, if the time ends");
	begin(1234, 0, 3);
	is_int((long long)send_all(4, 1000, 0), 3702, "at an odd rate too");
	begin(10000, 12345, 0);
	is_int((long long)send_all(3, 1000, 0), 12345, "up to a count");
	begin(10000, 12345, 1);
	is_int((long long)send_all(3, 1000, 0), 10000, "or up to the end, if that comes first");
}

/* In each call not more than the chunk: it has to be called again. */
static void test_lag(void)
{
	double sent = 0;
	unsigned int n;

	begin(100, 0, 0);
	is_int(due(0.5, 1), 50, "half a second late: made up for");
	begin(100, 0, 0);
	for (n = 1; n; sent += n)
		n = due(10, sent);
	is_int((long long)sent, 101, "ten seconds late: one is made up for");
	is_int(due(10.011, sent), 1, "and then the rate is what it was");
	is_int(due(10.5, sent + 1), 49, "from there on");
	begin(100, 0, 0);
	is_int((long long)send_all(3, 100, 0.9), 301, "a delay under a second changes no number");
}

static void test_flood(void)
{
	begin(0, 1000, 2);
	is_int(due(0, 0), 64, "as many as go: a small call first");
	is_int(due(0, 990), 10, "no more than the count");
	is_int(due(0, 1000), 0, "none behind it");
	is_int(due(2, 0), 0, "none behind the end");
	ok(over(2, 0) && over(0, 1000) && !over(1.9, 999), "over at both");
	begin(0, 0, 0);
	ok(!over(1e9, 1e15) && due(1e9, 1e15) == 64, "without a limit no end");
}

static void learn(int times, double seconds)
{
	for (; times; times--)
		schedule_learn(&schedule, schedule.chunk, seconds);
}

static void test_learn(void)
{
	begin(0, 0, 0);
	learn(3, 0.001);
	is_int(due(0, 0), 512, "calls that were short become larger");
	schedule_learn(&schedule, 100, 0.001);
	is_int(due(0, 0), 512, "a part of one says nothing");
	learn(1, 0.02);
	is_int(due(0, 0), 512, "those that were right stay");
	learn(1, 0.05);
	is_int(due(0, 0), 256, "those that were long become smaller");
	learn(50, 1);
	is_int(due(0, 0), 64, "down to the least");
	learn(50, 0);
	is_int(due(0, 0), 1 << 24, "and up to the most");
}

/* A sleep is worth it for a burst, not for one packet; and not for long. */
static void test_tick(void)
{
	begin(1e6, 0, 0);
	ok(fabs(schedule.tick - 0.0001) < 1e-9, "a fast one sleeps shortly");
	begin(100000, 0, 0);
	ok(fabs(schedule.tick - 0.00064) < 1e-9, "as long as a burst takes");
	begin(10, 0, 0);
	ok(fabs(schedule.tick - 0.001) < 1e-9, "a slow one a millisecond");
	begin(1000, 0, 1);
	ok(schedule_next(&schedule, START + 0.9999, 1000) <= START + 1,
	   "nobody sleeps beyond the end");
	begin(10, 0, 0);
	ok(schedule.end == DBL_MAX && schedule.limit == DBL_MAX,
	   "none is asked for, none there is");
}

int main(void)
{
	test_slow();
	test_rate();
	test_lag();
	test_flood();
	test_learn();
	test_tick();
	return tap_done();
}
