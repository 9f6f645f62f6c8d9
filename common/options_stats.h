/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Option lines of commands that report statistics. */
#ifndef COMMON_OPTIONS_STATS_H
#define COMMON_OPTIONS_STATS_H

#include "options.h"
#include "stats.h"

/* clang-format off */
/* -i -n --duration -j: @m is a struct stats_opts in struct @s. */
#define OPTIONS_STATS(s, m) \
	OPTION_RANGE("interval", 'i', "SECONDS", OPTION_SECONDS, \
		     s, m.interval, STATS_INTERVAL_MIN, STATS_SECONDS_MAX, \
		     "between two reports, fractions allowed (default 2)"), \
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, s, m.count, \
		     1, 4294967295.0, "stop after N reports"), \
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, \
		     s, m.duration, STATS_INTERVAL_MIN, STATS_SECONDS_MAX, \
		     "stop after this time"), \
	OPTION("json", 'j', NULL, OPTION_FLAG, s, m.json, \
	       "print one JSON object a line instead of the table")
/* clang-format on */

#endif /* COMMON_OPTIONS_STATS_H */
