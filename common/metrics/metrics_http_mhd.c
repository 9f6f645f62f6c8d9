// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Who is connected, and who has to go. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "metrics/metrics_http.h"
#include "metrics/metrics_http_mhd.h"
#include "signals.h"
#include "stats.h"

void metrics_clients_init(struct metrics_clients *clients)
{
	int i;

	for (i = 0; i < METRICS_CLIENTS_MAX; i++)
		clients->at[i].fd = -1;
}

static void hang_up(struct metrics_client *client)
{
	shutdown(client->fd, SHUT_RDWR);
	client->fd = -1;
}

void metrics_clients_begin(struct metrics_clients *clients, int fd)
{
	struct metrics_client *to = clients->at;
	int i;

	/* One that is free, else the oldest. */
	for (i = 0; i < METRICS_CLIENTS_MAX && to->fd >= 0; i++)
		if (clients->at[i].fd < 0 || clients->at[i].since < to->since)
			to = &clients->at[i];
	if (to->fd >= 0)
		hang_up(to);
	to->fd = fd;
	to->since = monotonic_now();
}

void metrics_clients_end(struct metrics_clients *clients, int fd)
{
	int i;

	for (i = 0; i < METRICS_CLIENTS_MAX; i++)
		if (clients->at[i].fd == fd)
			clients->at[i].fd = -1;
}

void metrics_clients_expire(struct metrics_clients *clients)
{
	double limit = monotonic_now() - METRICS_CLIENT_SECONDS;
	int i;

	for (i = 0; i < METRICS_CLIENTS_MAX; i++)
		if (clients->at[i].fd >= 0 && clients->at[i].since < limit)
			hang_up(&clients->at[i]);
}

/* ==== metrics/metrics_http_mhd.c ==== */
/* From the text of an option to a socket that listens. */

/* Connections that wait to be accepted; the kernel lets further ones wait. */
#define BACKLOG SOMAXCONN
#define PORT_MAX 65535

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int parse_port(const char *text, unsigned short *port)
{
	unsigned int number = 0;
	const char *at;

	for (at = text; *at >= '0' && *at <= '9' && number <= PORT_MAX; at++)
		number = number * 10 + (unsigned int)(*at - '0');
	if (at == text || *at || number > PORT_MAX)
		return -EINVAL;
	*port = (unsigned short)number;
	return 0;
}

/* The @len bytes at @text; @family tells what has to come of them. */
static int parse_address(const char *text, size_t len, int family, struct netif_addr *addr)
{
	char copy[INET6_ADDRSTRLEN];

	if (len >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (netif_parse_addr(copy, addr) || addr->family != family)
		return -EINVAL;
	return 0;
}

int metrics_parse(const char *text, struct metrics_addr *addr)
{
	struct metrics_addr new = { .addr.family = AF_INET };
	const char *colon = strrchr(text, ':');
	int err = 0;

	new.addr.v4.s_addr = htonl(INADDR_LOOPBACK);
	if (colon && text[0] == '[' && colon - text > 2 && colon[-1] == ']')
		err = parse_address(text + 1, (size_t)(colon - text - 2), AF_INET6, &new.addr);
	else if (colon)
		err = parse_address(text, (size_t)(colon - text), AF_INET, &new.addr);
	if (!err)
		err = parse_port(colon ? colon + 1 : text, &new.port);
	if (!err)
		*addr = new;
	return err;
}

static socklen_t fill_address(const struct metrics_addr *from, union address *to)
{
	memset(to, 0, sizeof(*to));
	to->any.sa_family = (sa_family_t)from->addr.family;
	if (from->addr.family == AF_INET6) {
		to->v6.sin6_addr = from->addr.v6;
		to->v6.sin6_port = htons(from->port);
		return sizeof(to->v6);
	}
	to->v4.sin_addr = from->addr.v4;
	to->v4.sin_port = htons(from->port);
	return sizeof(to->v4);
}

static void print_url(const union address *at, char url[METRICS_URL_MAX])
{
	bool six = at->any.sa_family == AF_INET6;
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(at->any.sa_family,
		  six ? (const void *)&at->v6.sin6_addr : (const void *)&at->v4.sin_addr, text,
		  sizeof(text));
	snprintf(url, METRICS_URL_MAX, "http://%s%s%s:%u/metrics", six ? "[" : "", text,
		 six ? "]" : "", ntohs(six ? at->v6.sin6_port : at->v4.sin_port));
}

int metrics_listen(const struct metrics_addr *addr, char url[METRICS_URL_MAX])
{
	union address at;
	socklen_t len = fill_address(addr, &at);
	int fd, err, on = 1;

	fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* Connections of an earlier run that linger do not stand in the way. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) || bind(fd, &at.any, len) ||
	    listen(fd, BACKLOG) || getsockname(fd, &at.any, &len)) {
		err = -errno;
		close(fd);
		return err;
	}
	print_url(&at, url);
	return fd;
}

/* ==== metrics/metrics_http_mhd.c ==== */
/* What each request is answered with. */

#define INDEX_PAGE "metrics are at /metrics\n"

/* Answer with @len bytes at @body, which the library frees with @mode. */
static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int status,
			      const char *type, void *body, size_t len,
			      enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response;
	enum MHD_Result queued = MHD_NO;

	response = MHD_create_response_from_buffer(len, body, mode);
	if (!response) {
		if (mode == MHD_RESPMEM_MUST_FREE)
			free(body);
		return MHD_NO;
	}
	/* A connection is for one request, so its age tells enough. */
	if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES &&
	    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES &&
	    (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
	     MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") == MHD_YES))
		queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned int status,
				   const char *text)
{
	return answer(connection, status, "text/plain; charset=utf-8", (void *)text, strlen(text),
		      MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer_metrics(const struct metrics_source *source,
				      struct MHD_Connection *connection)
{
	struct metrics page = { 0 };
	char *text = NULL;
	size_t len = 0;
	int err;

	page.out = open_memstream(&text, &len);
	if (!page.out)
		return MHD_NO;
	err = source->write(&page, source->arg);
	if (ferror(page.out))
		err = -ENOMEM;
	if (fclose(page.out))
		err = -ENOMEM;
	if (!err)
		return answer(connection, MHD_HTTP_OK, METRICS_CONTENT_TYPE, text, len,
			      MHD_RESPMEM_MUST_FREE);
	free(text);
	return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR,
			   "the counters cannot be read\n");
}

enum MHD_Result metrics_reply(void *source, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *body,
			      size_t *body_len, void **context)
{
	(void)version;
	(void)body;
	if (!*context) {
		*context = source;
		return MHD_YES;
	}
	/* A body is read, or the client might not see our answer. */
	if (*body_len) {
		*body_len = 0;
		return MHD_YES;
	}
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
	if (!strcmp(url, "/metrics"))
		return answer_metrics(source, connection);
	if (!strcmp(url, "/"))
		return answer_text(connection, MHD_HTTP_OK, INDEX_PAGE);
	return answer_text(connection, MHD_HTTP_NOT_FOUND, "not found: " INDEX_PAGE);
}

/* ==== metrics/metrics_http_mhd.c ==== */
/* The server, on libmicrohttpd, which is driven from our own waiting. */

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
