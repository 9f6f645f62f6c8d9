/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * xdp_stats_map, read and printed: one counter of packets and bytes for each
 * XDP action, on each CPU. Every loader with --stats uses this; the loop
 * around it is taught in basic03-map-counter.
 */
#ifndef COMMON_STATS_H
#define COMMON_STATS_H

#include <stdbool.h>

#include "attach.h"
#include "clock.h"
#include "json.h"
#include "maps.h"
#include "options.h"
#include "xdp_stats_kern_user.h"

/* How often, how long and in which form to report. */
struct stats_opts {
	double interval; /* seconds between reports; 0: STATS_INTERVAL */
	unsigned int count; /* reports; 0: no end */
	double duration; /* seconds in all; 0: no end */
	bool json;
};

#define STATS_INTERVAL 2.0
#define STATS_FIRST 0.25 /* to the first report, if the interval is not shorter */
#define STATS_INTERVAL_MIN 0.01
#define STATS_SECONDS_MAX 86400.0
#define STATS_GROUPED_MAX 40

/* The sums over all CPUs at one moment. */
struct stats_record {
	double time; /* seconds on the monotonic clock */
	struct datarec action[XDP_ACTION_MAX];
};

/* What xdp_stats_map looks like, for maps_check(). */
extern const struct maps_layout stats_layout;

/*
 * Read the map: with one system call where the kernel has batched reads of
 * per-CPU arrays (5.13), else action by action. Returns 0 or -errno; then
 * *@rec is not to be used.
 */
int stats_collect(int map_fd, struct stats_record *rec);

/*
 * Print what is in @now, with rates over the time measured since @before: a
 * table, or one line of JSON. It is flushed. Returns 0, or -errno after one
 * error line when standard output did not take it.
 */
int stats_print(const struct stats_opts *opts, const char *ifname, const struct stats_record *now,
		const struct stats_record *before);

/*
 * @number in @text (of STATS_GROUPED_MAX bytes), 1234567 as "1,234,567" on a
 * terminal and as it is elsewhere. Returns @text.
 */
const char *stats_grouped(unsigned long long number, char *text);

/*
 * Begin a report as JSON: {"time": .., "ifname": .., "period": .. The caller goes on
 * with @json and closes it.
 */
void stats_json_open(struct json *json, const char *ifname, double period);

/*
 * How long to wait for the next report, in seconds, when @reports have been
 * printed and the first record is from @started (monotonic seconds): the
 * interval, but STATS_FIRST at most for the first report; negative when it is
 * time to end.
 */
double stats_wait_time(const struct stats_opts *opts, unsigned int reports, double started);

/*
 * Of a command that reports only with --stats, which is @given or not: -EINVAL after one
 * error line when one of OPTIONS_STATS was given without, as it would do nothing. Else 0.
 */
int stats_check(const struct stats_opts *opts, bool given);

/* clang-format off */
/* -i -n --duration: @m is a struct stats_opts in struct @s. */
#define OPTIONS_INTERVAL(s, m) \
	OPTION_RANGE("interval", 'i', "SECONDS", OPTION_SECONDS, \
		     s, m.interval, STATS_INTERVAL_MIN, STATS_SECONDS_MAX, \
		     "time between two reports, fractions allowed (default 2)"), \
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, s, m.count, \
		     1, 4294967295.0, "stop after N reports"), \
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, \
		     s, m.duration, STATS_INTERVAL_MIN, STATS_SECONDS_MAX, \
		     "stop after this time, fractions allowed")

/* -i -n --duration -j, for a command that prints its reports in both ways. */
#define OPTIONS_STATS(s, m) \
	OPTIONS_INTERVAL(s, m), \
	OPTION("json", 'j', NULL, OPTION_FLAG, s, m.json, \
	       "print one JSON object a line instead of the table")
/* clang-format on */

/*
 * The loop of loaders with --stats, which basic03-map-counter has bare: report
 * xdp_stats_map of @at's loaded object until @opts or a signal ends it. Returns
 * 0; or, after one error line, -ENOEXEC when the map is missing, of another
 * layout or cannot be read, and what attach_check() or stats_print() returned.
 */
int stats_poll(struct attach *at, const struct stats_opts *opts);

#endif /* COMMON_STATS_H */
