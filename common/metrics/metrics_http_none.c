// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Stands in for metrics/metrics_http_mhd.c where libmicrohttpd is missing. */
#include "log.h"
#include "metrics/metrics_http.h"
#include "probe/probe.h"
#include "signals.h"

/* Its package here: the build knows. */
#ifndef PKG_LIBMICROHTTPD
#define PKG_LIBMICROHTTPD "libmicrohttpd"
#endif

int metrics_http_start(struct metrics_http **server, const char *where, metrics_write_fn *write,
		       void *arg)
{
	(void)write;
	(void)arg;
	*server = NULL;
	if (!where)
		return 0;
	pr_err("cannot serve metrics at '%s': built without libmicrohttpd "
	       "(install %s, then ./configure and make)",
	       where, PKG_LIBMICROHTTPD);
	return PROBE_UNSUPPORTED;
}

bool metrics_http_wait(struct metrics_http *server, double seconds)
{
	(void)server;
	return signals_wait(seconds);
}

void metrics_http_stop(struct metrics_http *server)
{
	(void)server;
}
