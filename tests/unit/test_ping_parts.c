// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* advanced04: histogram, history and sweep, as far as they need no network. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "hist.h"
#include "history.h"
#include "sweep.h"
#include "tap.h"

static struct ping_hist hist;
static struct history history;

static uint64_t next_random(void)
{
	static uint64_t seed = 20261122;

	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return seed * 2685821657736338717ULL;
}

/* ---- the histogram ---- */

/* The time that bucket @index stands for: that of one answer in it. */
static double middle(unsigned int index)
{
	memset(&hist, 0, sizeof(hist));
	hist.bucket[index] = 1;
	return hist_percentile(&hist, 1);
}

/*
 * Each bucket is narrow, and its first and last time are in it. The first one begins
 * at 0; each ends as far behind its middle as it begins in front of that.
 */
static void test_buckets(void)
{
	static double from[HIST_BUCKETS + 1];
	int wrong = 0, wide = 0;
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS; i++) {
		from[i + 1] = 2 * middle(i) + 1 - from[i];
		wrong += from[i + 1] <= from[i] || hist_index((__u64)from[i]) != i ||
			 hist_index((__u64)from[i + 1] - 1) != i;
		wide += from[i + 1] - from[i] > 1 && (from[i + 1] - from[i]) / from[i] > 1.0 / 32;
	}
	is_int(wrong, 0, "each bucket begins and ends where its index says");
	is_int(wide, 0, "none is wider than a 32nd of its times");
	ok(from[1] == 1 && from[63] == 63 && from[64] == 64 && from[65] == 66,
	   "one for each ns, and then for two");
	is_int(hist_index(~0ULL), HIST_BUCKETS - 1, "the last one has the rest");
	is_int(hist_index(1ULL << HIST_MAX_BITS), HIST_BUCKETS - 1, "from 18 minutes on");
	is_int((long long)from[HIST_BUCKETS], 1LL << HIST_MAX_BITS,
	       "which is where the others end");
}

/* How many answers are in the rows. */
static unsigned long long count_rows(void)
{
	struct hist_row rows[HIST_ROWS];
	unsigned int n = hist_rows(&hist, rows);
	unsigned long long total = 0;

	while (n)
		total += rows[--n].count;
	return total;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Those of the histogram, beside those of all times in their order. */
static void test_percentiles(void)
{
	static const double shares[] = { 0.01, 0.5, 0.9, 0.99, 0.999, 1 };
	static uint64_t times[10000];
	double got, want;
	size_t i, wrong = 0, at;

	memset(&hist, 0, sizeof(hist));
	for (i = 0; i < 10000; i++) {
		times[i] = next_random() >> (30 + next_random() % 25);
		hist.bucket[hist_index(times[i])]++;
	}
	qsort(times, 10000, sizeof(times[0]), compare);
	for (i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		at = (size_t)(shares[i] * 10000 + 0.5) - 1;
		want = (double)times[at];
		got = hist_percentile(&hist, shares[i]);
		wrong += got < want * (1 - 0.032) || got > want * (1 + 0.032);
	}
	is_int((long long)wrong, 0, "percentiles are right within 3.2 %");
	is_int((long long)count_rows(), 10000, "all are counted");
}

static void test_few(void)
{
	memset(&hist, 0, sizeof(hist));
	ok(hist_percentile(&hist, 0.5) == 0 && hist_deviation(&hist) == 0,
	   "nothing without an answer");
	hist.bucket[hist_index(50)] = 1;
	ok(hist_percentile(&hist, 0.5) == 50 && hist_percentile(&hist, 1) == 50 &&
		   hist_deviation(&hist) == 0,
	   "one answer is all percentiles");
	hist.bucket[hist_index(60)] = 1;
	ok(hist_percentile(&hist, 0.5) == 50 && hist_percentile(&hist, 0.51) == 60 &&
		   hist_deviation(&hist) == 5,
	   "two: half of them take the shorter time at most");
	hist.bucket[HIST_BUCKETS - 1] = 1;
	ok(hist_index((__u64)hist_percentile(&hist, 1)) == HIST_BUCKETS - 1,
	   "the last bucket is a time as well");
}

static void test_rows(void)
{
	struct hist_row rows[HIST_ROWS];
	unsigned int n, i, gaps = 0;

	memset(&hist, 0, sizeof(hist));
	is_int(hist_rows(&hist, rows), 0, "no answers, no rows");
	hist.bucket[hist_index(1000)] = 3;
	hist.bucket[hist_index(1600)] = 4;
	hist.bucket[hist_index(5000)] = 5;
	n = hist_rows(&hist, rows);
	ok(n == 6 && rows[0].from == 768 && rows[0].to == 1024 && rows[0].count == 3 &&
		   rows[1].count == 0 && rows[2].from == 1536 && rows[2].count == 4 &&
		   rows[5].from == 4096 && rows[5].to == 6144 && rows[5].count == 5,
	   "from the first row to the last, empty ones as well");
	for (i = 0; i < HIST_BUCKETS; i++)
		hist.bucket[i] = 1;
	n = hist_rows(&hist, rows);
	for (i = 1; i < n; i++)
		gaps += rows[i].from != rows[i - 1].to;
	ok(n <= HIST_ROWS && count_rows() == HIST_BUCKETS && !gaps,
	   "with all of them: no row too many, none left out");
}

/* ---- the history ---- */

static void send_some(unsigned int count, uint64_t now)
{
	while (count--)
		history_send(&history, now);
}

static enum history_answer take(uint64_t number, uint64_t now)
{
	uint64_t ns = ~0ULL;

	return history_take(&history, number, now, 1000, &ns);
}

static void test_answers(void)
{
	uint64_t ns = 0;

	memset(&history, 0, sizeof(history));
	is_int((long long)history_send(&history, 100), 1, "the first is 1");
	send_some(9, 200);
	is_int(history.open, 10, "ten are open");
	ok(history_take(&history, 1, 350, 1000, &ns) == HISTORY_FIRST && ns == 250 &&
		   history.open == 9 && history.answered == 1,
	   "an answer, and its time");
	ok(take(1, 400) == HISTORY_DUPLICATE && history.open == 9, "a second one is a duplicate");
	ok(take(5, 1200) == HISTORY_FIRST && history.answered == 5,
	   "an answer at the limit is none too late");
	ok(take(4, 1201) == HISTORY_LATE && history.open == 7 && history.answered == 5,
	   "one behind it is, but it is answered");
	is_int(take(4, 1300), HISTORY_DUPLICATE, "the same again");
	history_fail(&history, 7);
	ok(history.open == 6 && history.answered == 7, "an error ends one");
	history_fail(&history, 7);
	history_fail(&history, 1);
	is_int(history.open, 6, "only once, and not what was answered");
	ok(take(7, 300) == HISTORY_FIRST && history.open == 6,
	   "an answer behind an error is the first one");
}

static void test_wrap(void)
{
	memset(&history, 0, sizeof(history));
	send_some(PING_SLOTS, 100);
	is_int(history.open, PING_SLOTS, "as many as there are may be open");
	is_int(take(1, 200), HISTORY_FIRST, "the oldest one of them is known");
	send_some(2, 300);
	is_int(history.open, PING_SLOTS, "what is too old is open no more");
	ok(take(1, 400) == HISTORY_LATE && take(2, 400) == HISTORY_LATE &&
		   take(3, 400) == HISTORY_FIRST,
	   "and its answer late");
	ok(take(PING_SLOTS + 1, 400) == HISTORY_FIRST &&
		   take(PING_SLOTS + 1, 400) == HISTORY_DUPLICATE,
	   "the slot is another's by then");
	history_fail(&history, 2);
	ok(take(PING_SLOTS + 2, 400) == HISTORY_FIRST,
	   "an error about what is too old changes nothing");
	send_some(3 * PING_SLOTS, 500);
	is_int(history.open, PING_SLOTS, "after some rounds it is the same");
}

static void test_numbers(void)
{
	memset(&history, 0, sizeof(history));
	is_int((long long)history_number(&history, 0), 0, "none was sent");
	send_some(5, 1);
	ok(history_number(&history, 5) == 5 && history_number(&history, 1) == 1 &&
		   !history_number(&history, 0) && !history_number(&history, 6) &&
		   !history_number(&history, 65535),
	   "a sequence tells the number, if there was one");
	history.sent = 3 * 65536 + 10;
	ok(history_number(&history, 10) == 3 * 65536 + 10 &&
		   history_number(&history, 0) == 3 * 65536 &&
		   history_number(&history, 11) == 2 * 65536 + 11,
	   "the youngest one with it");
}

/* ---- the sweep ---- */

/* "COUNT FIRST LAST", or "refused", of a prefix */
static void is_sweep(const char *text, const char *want)
{
	char got[128] = "refused", at[INET6_ADDRSTRLEN], first[64] = "";
	struct netif_addr addr;
	struct sweep sweep;
	unsigned int n = 0;

	if (!sweep_begin(&sweep, text)) {
		while (sweep_next(&sweep, &addr)) {
			inet_ntop(addr.family, &addr.v6, at, sizeof(at));
			if (!n++)
				snprintf(first, sizeof(first), "%s", at);
		}
		snprintf(got, sizeof(got), "%u %s %s", n, first, at);
	}
	if (!ok(!strcmp(got, want), *text ? text : "(nothing)"))
		printf("# got %s, want %s\n", got, want);
}

static void test_sweeps(void)
{
	is_sweep("10.11.1.0/24", "254 10.11.1.1 10.11.1.254");
	is_sweep("10.11.1.77/24", "254 10.11.1.1 10.11.1.254");
	is_sweep("10.11.1.4/30", "2 10.11.1.5 10.11.1.6");
	is_sweep("10.11.1.4/31", "2 10.11.1.4 10.11.1.5");
	is_sweep("10.11.1.5/31", "2 10.11.1.4 10.11.1.5");
	is_sweep("10.11.1.5/32", "1 10.11.1.5 10.11.1.5");
	is_sweep("10.11.1.0/20", "4094 10.11.0.1 10.11.15.254");
	is_sweep("255.255.255.255/20", "4094 255.255.240.1 255.255.255.254");
	is_sweep("10.11.1.0/19", "refused");
	is_sweep("0.0.0.0/0", "refused");
	is_sweep("fc00::/120", "255 fc00::1 fc00::ff");
	is_sweep("fc00::1234/116", "4095 fc00::1001 fc00::1fff");
	is_sweep("fc00::/127", "2 fc00:: fc00::1");
	is_sweep("fc00::5/128", "1 fc00::5 fc00::5");
	is_sweep("fc00::/115", "refused");
	is_sweep("fc00::/24", "refused");
}

static void test_junk(void)
{
	static const char *const junk[] = {
		"",
		"/",
		"/24",
		"10.11.1.0",
		"10.11.1.0/",
		"10.11.1.0/33",
		"10.11.1.0/-1",
		"10.11.1.0/+24",
		"10.11.1.0/ 24",
		"10.11.1.0/24x",
		"10.11.1.0/24/24",
		"10.11.1/24",
		"host/24",
		" 10.11.1.0/24",
		"fc00::/129",
		"10.11.1.0/99999999999999999999",
		"10.11.1.0/0x18",
		"fc00:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/120",
	};
	size_t i;

	for (i = 0; i < sizeof(junk) / sizeof(junk[0]); i++)
		is_sweep(junk[i], "refused");
}

int main(void)
{
	/* One error line for each that is refused */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	test_buckets();
	test_percentiles();
	test_few();
	test_rows();
	test_answers();
	test_wrap();
	test_numbers();
	test_sweeps();
	test_junk();
	return tap_done();
}
