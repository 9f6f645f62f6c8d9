// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Report the kernel's XDP events, until a signal or an option ends it. */
#include "attach.h"
#include "metrics/metrics_http.h"
#include "monitor.h"
#include "options.h"
#include "signals.h"
#include "stats.h"

struct user_opts {
	struct monitor_opts monitor;
	struct stats_opts stats;
	const char *prometheus;
};

static const struct option_line options[] = {
	OPTION("dev", 'd', "IFNAME", OPTION_IFNAME, struct user_opts, monitor.dev,
	       "count only what packets of this interface cause (default: of all)"),
	OPTION("errors-only", 'e', NULL, OPTION_FLAG, struct user_opts, monitor.errors_only,
	       "do not count successful redirections, an event for each packet"),
	OPTION("all", 'a', NULL, OPTION_FLAG, struct user_opts, monitor.all,
	       "show also counters that have not changed"),
	OPTION("plain", 0, NULL, OPTION_FLAG, struct user_opts, monitor.plain,
	       "use plain tracepoints also where the kernel has types (BTF)"),
	OPTIONS_STATS(struct user_opts, stats),
	OPTIONS_METRICS(struct user_opts, prometheus),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Report what the kernel does with packets after XDP programs: redirected,\n"
		   "queued for another CPU, sent or lost; until --count, --duration or a signal.",
	.options = options,
};

int main(int argc, char **argv)
{
	struct user_opts opts = { 0 };
	struct metrics_http *server;
	static struct monitor mon;
	sigset_t signals;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);

	/* Load and attach; tracing ends with us, however we end. */
	signals_hold(&signals);
	err = metrics_http_start(&server, opts.prometheus, monitor_metrics, &mon);
	if (!err)
		err = monitor_open(&mon, &opts.monitor);

	/* Report until it is to end, and detach. */
	if (!err)
		err = monitor_report(&mon, &opts.stats, server);
	metrics_http_stop(server);
	monitor_close(&mon);
	signals_restore(&signals);
	return attach_status(err);
}
