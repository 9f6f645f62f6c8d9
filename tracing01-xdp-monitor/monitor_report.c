// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The polling loop, as in basic03-map-counter. */
#include "log.h"
#include "metrics/metrics_http.h"
#include "monitor_row.h"

static int report(struct monitor *mon, const struct stats_opts *opts, bool table,
		  struct monitor_record *before)
{
	struct monitor_record now;
	struct monitor_pair pair = { mon, &now, before };
	int err;

	err = monitor_watch(mon);
	if (!err)
		err = monitor_collect(mon, &now);
	if (err)
		return err;
	if (opts->json)
		monitor_print_json(&pair);
	else if (table)
		monitor_print(&pair);
	monitor_release(before);
	*before = now;
	return output_flush();
}

int monitor_report(struct monitor *mon, const struct stats_opts *opts, struct metrics_http *server)
{
	/* --quiet: whoever reads the metrics may want no table. */
	bool table = !server || log_shows(LOG_LEVEL_INFO);
	struct monitor_record before;
	unsigned int reports = 0;
	double wait, started;
	int err;

	err = monitor_collect(mon, &before);
	if (err)
		return err;
	started = before.time;
	while (!err) {
		wait = stats_wait_time(opts, reports++, started);
		if (wait < 0 || metrics_http_wait(server, wait))
			break;
		err = report(mon, opts, table, &before);
	}
	monitor_release(&before);
	return err;
}
