/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A page of metrics over HTTP, for a command that waits for signals and reports
 * anyway: it waits here instead, and requests are answered meanwhile. There is
 * no thread, so the page is written while nothing else happens.
 *
 *	err = metrics_http_start(&server, opts.prometheus, write_page, &maps);
 *	...
 *	while (!metrics_http_wait(server, interval))
 *		report();
 *	metrics_http_stop(server);
 *
 * It needs libmicrohttpd: the Makefile of a lesson that serves has USES := libmicrohttpd.
 * The lesson is built without it too; then metrics_http_start() reports what is missing.
 * Taught in tracing01-xdp-monitor.
 */
#ifndef COMMON_METRICS_HTTP_H
#define COMMON_METRICS_HTTP_H

#include <stdbool.h>

#include "metrics/metrics.h"
#include "options.h"

/* clang-format off */
/* --prometheus: @m is a const char * in struct @s. */
#define OPTIONS_METRICS(s, m) \
	OPTION("prometheus", 0, "[ADDR:]PORT", OPTION_STRING, s, m, \
	       "serve the counters over HTTP (default ADDR: 127.0.0.1); -q: no table")
/* clang-format on */

struct metrics_http;

/*
 * Writes the page that a client has just requested. Returns 0, or -errno after
 * one error line: then the client gets status 500.
 */
typedef int metrics_write_fn(struct metrics *page, void *arg);

/*
 * Serve http://ADDR:PORT/metrics, made anew by @write (called with @arg) each
 * time. @where is "[ADDR:]PORT": without ADDR it is 127.0.0.1, which nobody
 * outside of the machine can reach; an IPv6 address stands in brackets, and
 * "[::]" is every address, of IPv4 too; port 0 lets the kernel choose one that
 * is free. NULL: serve nothing. Nobody is answered before metrics_http_wait(). A
 * client has ten seconds; when there are more than 32, the oldest is disconnected.
 *
 * Returns 0 with a server to be released with metrics_http_stop(), or NULL
 * where there is nothing to serve; after one error line -EINVAL for a bad
 * @where, -EPERM when it cannot be served there, PROBE_UNSUPPORTED when this was
 * built without the library.
 */
int metrics_http_start(struct metrics_http **server, const char *where, metrics_write_fn *write,
		       void *arg);

/*
 * As signals_wait() does, sleep for @seconds or until a signal comes, which
 * is collected and true returned; and answer meanwhile. The first call prints
 * the page's address, unless the command is to be quiet.
 */
bool metrics_http_wait(struct metrics_http *server, double seconds);

/* Close it and all that is connected; NULL is nothing. */
void metrics_http_stop(struct metrics_http *server);

#endif /* COMMON_METRICS_HTTP_H */
