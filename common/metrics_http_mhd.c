// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The server, on libmicrohttpd, which is driven from our own waiting. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "log.h"
#include "metrics_clients.h"
#include "metrics_http.h"
#include "metrics_listen.h"
#include "metrics_reply_mhd.h"
#include "signals.h"
#include "stats.h"

/* The library's limit leaves room for those that we disconnect. */
#define CONNECTIONS_MAX (2u * METRICS_CLIENTS_MAX)
/* A request has no use for more. */
#define REQUEST_BYTES (16u * 1024)
#define WAIT_MAX_MS (3600 * 1000)

struct metrics_http {
	struct MHD_Daemon *daemon;
	struct metrics_source source;
	int events_fd; /* the library's: readable when it has work */
	int signals_fd;
	struct metrics_clients clients;
};

/* Called by the library for each connection that begins or ends. */
static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct metrics_http *server = arg;
	const union MHD_ConnectionInfo *info;

	(void)context;
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (!info)
		return;
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		metrics_clients_begin(&server->clients, info->connect_fd);
	else
		metrics_clients_end(&server->clients, info->connect_fd);
}

/* What the library complains of is about clients, not about us. */
static void on_message(void *arg, const char *format, va_list args)
{
	char text[256];

	(void)arg;
	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	pr_debug("libmicrohttpd: %s", text);
}

/* Hand the socket to the library; it is closed in the end, or by an error. */
static int start_daemon(struct metrics_http *server, int fd)
{
	const union MHD_DaemonInfo *info;

	server->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, metrics_reply, &server->source,
		MHD_OPTION_EXTERNAL_LOGGER, on_message, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned int)METRICS_CLIENT_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)REQUEST_BYTES, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_END);
	if (!server->daemon) {
		close(fd);
		return -ENOMEM;
	}
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (!info) {
		MHD_stop_daemon(server->daemon);
		return -ENOTSUP;
	}
	server->events_fd = info->epoll_fd;
	return 0;
}

/* Listen at @addr, and for our signals. */
static int open_server(struct metrics_http *server, const struct metrics_addr *addr,
		       char url[METRICS_URL_MAX])
{
	int fd, err;

	metrics_clients_init(&server->clients);
	server->signals_fd = signals_fd();
	if (server->signals_fd < 0)
		return server->signals_fd;
	fd = metrics_listen(addr, url);
	err = fd < 0 ? fd : start_daemon(server, fd);
	if (err)
		close(server->signals_fd);
	return err;
}

int metrics_http_start(struct metrics_http **server, const char *where, metrics_write_fn *write,
		       void *arg)
{
	char url[METRICS_URL_MAX];
	struct metrics_addr addr;
	int err = -ENOMEM;

	*server = NULL;
	if (!where)
		return 0;
	if (metrics_parse(where, &addr)) {
		pr_err("bad value '%s' for --prometheus: not like 9100, "
		       "127.0.0.1:9100 or [::1]:9100",
		       where);
		return -EINVAL;
	}
	*server = calloc(1, sizeof(**server));
	if (*server) {
		(*server)->source = (struct metrics_source){ write, arg };
		err = open_server(*server, &addr, url);
	}
	if (err) {
		pr_err("cannot serve metrics at '%s': %s%s", where, strerror(-err),
		       err == -EADDRINUSE ? " (port 0: one that is free)" : "");
		free(*server);
		*server = NULL;
		return -EPERM;
	}
	pr_info("metrics are at %s", url);
	return 0;
}

/* Milliseconds to wait for something to do, @seconds at most. */
static int wait_time(struct metrics_http *server, double seconds)
{
	MHD_UNSIGNED_LONG_LONG library;
	double ms = seconds * 1e3 + 1;

	if (MHD_get_timeout(server->daemon, &library) == MHD_YES && (double)library < ms)
		ms = (double)library;
	return ms < 0 ? 0 : ms > WAIT_MAX_MS ? WAIT_MAX_MS : (int)ms;
}

bool metrics_http_wait(struct metrics_http *server, double seconds)
{
	double end = monotonic_now() + seconds;
	struct pollfd fds[2];

	if (!server)
		return signals_wait(seconds);
	fds[0] = (struct pollfd){ .fd = server->events_fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = server->signals_fd, .events = POLLIN };
	do {
		poll(fds, 2, wait_time(server, end - monotonic_now()));
		MHD_run(server->daemon);
		metrics_clients_expire(&server->clients);
		if (fds[1].revents)
			return signals_wait(0);
	} while (monotonic_now() < end);
	return false;
}

void metrics_http_stop(struct metrics_http *server)
{
	if (!server)
		return;
	MHD_stop_daemon(server->daemon);
	close(server->signals_fd);
	free(server);
}
