// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The page of metrics over HTTP, with libmicrohttpd: the address that is served, who may stay
 * connected, what a request is answered with, and the loop that the library is driven from.
 */
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "metrics/metrics_http.h"
#include "netif.h"
#include "signals.h"

#define CLIENTS_MAX 32
/* From connecting to the last byte of the answer, however slowly it goes. */
#define CLIENT_SECONDS 10
/* The library's limit leaves room for those that we disconnect. */
#define CONNECTIONS_MAX (2u * CLIENTS_MAX)
/* A request has no use for more. */
#define REQUEST_BYTES (16u * 1024)
#define PORT_MAX 65535
#define WAIT_MAX_MS (3600 * 1000)
#define INDEX_PAGE "metrics are at /metrics\n"

struct client {
	int fd;
	double since; /* seconds on the monotonic clock */
};

struct metrics_http {
	metrics_write_fn *write;
	void *arg; /* of write() */
	struct netif_addr addr;
	bool announced;
	struct MHD_Daemon *daemon;
	int events_fd; /* the library's: readable when it has work */
	int signals_fd;
	struct client clients[CLIENTS_MAX]; /* the oldest first */
	int n_clients;
};

/* The address: "[ADDR:]PORT". */

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

/* The @len bytes at @text; @family is what they have to be. */
static int parse_ip(const char *text, size_t len, int family, struct netif_addr *addr)
{
	char copy[ADDR_TEXT];

	if (len >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (netif_parse_addr(copy, addr) || addr->family != family)
		return -EINVAL;
	return 0;
}

/* An IPv6 address stands in brackets; without ADDR nobody outside of the machine is served. */
static int parse_where(const char *text, struct netif_addr *addr, unsigned short *port)
{
	const char *colon = strrchr(text, ':');
	int err = 0;

	addr->family = AF_INET;
	addr->v4.s_addr = htonl(INADDR_LOOPBACK);
	if (colon && text[0] == '[' && colon - text > 2 && colon[-1] == ']')
		err = parse_ip(text + 1, (size_t)(colon - text - 2), AF_INET6, addr);
	else if (colon)
		err = parse_ip(text, (size_t)(colon - text), AF_INET, addr);
	return err ? err : parse_port(colon ? colon + 1 : text, port);
}

/*
 * The clients. The library's own limits are not enough: its timeout starts again with every byte,
 * so that one now and then would keep a connection for ever; and at its limit of connections new
 * ones wait until an old one ends. (Its limit for each address is no help, as a scraper may share
 * one with a client that has used it up: 127.0.0.1, or a proxy's.) So connections are kept in the
 * order in which they came, and the oldest goes when there are too many, or its time is over. For
 * silent ones the library's timeout is enough; it also ends the wait in metrics_http_wait().
 */

static void forget(struct metrics_http *server, int i)
{
	server->n_clients--;
	memmove(&server->clients[i], &server->clients[i + 1],
		(size_t)(server->n_clients - i) * sizeof(server->clients[0]));
}

/* The library finds the socket at its end, and closes it. */
static void hang_up_oldest(struct metrics_http *server)
{
	shutdown(server->clients[0].fd, SHUT_RDWR);
	forget(server, 0);
}

static void hang_up_expired(struct metrics_http *server)
{
	double limit = monotonic_now() - CLIENT_SECONDS;

	while (server->n_clients && server->clients[0].since < limit)
		hang_up_oldest(server);
}

/* Called by the library for each connection that begins or ends. */
static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct metrics_http *server = arg;
	const union MHD_ConnectionInfo *info;
	int i;

	(void)context;
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (!info)
		return;
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		if (server->n_clients == CLIENTS_MAX)
			hang_up_oldest(server);
		server->clients[server->n_clients++] = (struct client){
			.fd = info->connect_fd,
			.since = monotonic_now(),
		};
		return;
	}
	for (i = 0; i < server->n_clients; i++)
		if (server->clients[i].fd == info->connect_fd)
			forget(server, i);
}

/* The answers. */

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

static enum MHD_Result answer_metrics(const struct metrics_http *server,
				      struct MHD_Connection *connection)
{
	struct metrics page = { 0 };
	char *text = NULL;
	size_t len = 0;
	int err;

	page.out = open_memstream(&text, &len);
	if (!page.out)
		return MHD_NO;
	err = server->write(&page, server->arg);
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

/*
 * Called by the library for a request: when its head is there, for each part of its body
 * (@body_len is not 0), and at last. MHD_NO hangs up, where there is no memory for an answer.
 */
static enum MHD_Result on_request(void *server, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *body,
				  size_t *body_len, void **context)
{
	(void)version;
	(void)body;
	if (!*context) {
		*context = server;
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
		return answer_metrics(server, connection);
	if (!strcmp(url, "/"))
		return answer_text(connection, MHD_HTTP_OK, INDEX_PAGE);
	return answer_text(connection, MHD_HTTP_NOT_FOUND, "not found: " INDEX_PAGE);
}

/* The server. */

/* What the library complains of is about clients, or comes back in errno: keep that. */
static void on_message(void *arg, const char *format, va_list args)
{
	int saved = errno;
	char text[256];

	(void)arg;
	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	pr_debug("libmicrohttpd: %s", text);
	errno = saved;
}

/*
 * Why the library cannot listen at @at, of @len bytes: -errno, or @other where we can. The
 * errno that it leaves may be of something later (1.0).
 */
static int listen_error(const struct sockaddr *at, socklen_t len, int other)
{
	const int on = 1;
	int fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) || bind(fd, at, len) ||
	    listen(fd, 1))
		err = -errno;
	else
		err = other;
	close(fd);
	return err;
}

static int start_daemon(struct metrics_http *server, unsigned short port)
{
	const struct netif_addr *addr = &server->addr;
	unsigned int flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG;
	const union MHD_DaemonInfo *info;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} at;

	memset(&at, 0, sizeof(at));
	at.any.sa_family = (sa_family_t)addr->family;
	if (addr->family == AF_INET6) {
		flags |= MHD_USE_DUAL_STACK; /* "[::]" is for IPv4 too */
		at.v6.sin6_addr = addr->v6;
		at.v6.sin6_port = htons(port);
	} else {
		at.v4.sin_addr = addr->v4;
		at.v4.sin_port = htons(port);
	}
	errno = ENOMEM; /* unless a system call fails */
	server->daemon = MHD_start_daemon(
		flags, port, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_message,
		NULL, MHD_OPTION_SOCK_ADDR, &at.any, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)CLIENT_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_END);
	if (!server->daemon)
		return listen_error(
			&at.any, addr->family == AF_INET6 ? sizeof(at.v6) : sizeof(at.v4), -errno);
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (!info) {
		MHD_stop_daemon(server->daemon);
		return -ENOTSUP;
	}
	server->events_fd = info->epoll_fd;
	return 0;
}

int metrics_http_start(struct metrics_http **server, const char *where, metrics_write_fn *write,
		       void *arg)
{
	struct metrics_http *new;
	struct netif_addr addr;
	unsigned short port;
	int err = -ENOMEM;

	*server = NULL;
	if (!where)
		return 0;
	if (parse_where(where, &addr, &port)) {
		pr_err("bad value '%s' for --prometheus: not like 9100, "
		       "127.0.0.1:9100 or [::1]:9100",
		       where);
		return -EINVAL;
	}
	new = calloc(1, sizeof(*new));
	if (!new)
		goto error;
	new->write = write;
	new->arg = arg;
	new->addr = addr;
	err = new->signals_fd = signals_fd();
	if (err < 0)
		goto free_server;
	err = start_daemon(new, port);
	if (err)
		goto close_signals;
	*server = new;
	return 0;

close_signals:
	close(new->signals_fd);
free_server:
	free(new);
error:
	pr_err("cannot serve metrics at '%s': %s%s", where, strerror(-err),
	       err == -EADDRINUSE ? " (port 0: one that is free)" : "");
	return -EPERM;
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

/*
 * Only now requests are answered, and the command has prepared what the page is about: a script may
 * wait for this line, and then send packets. The kernel has chosen the port when 0 was given.
 */
static void announce(struct metrics_http *server)
{
	bool six = server->addr.family == AF_INET6;
	const union MHD_DaemonInfo *info;
	char text[ADDR_TEXT];

	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	pr_info("metrics are at http://%s%s%s:%u/metrics", six ? "[" : "",
		addr_to_str(&server->addr, text), six ? "]" : "", info ? info->port : 0);
	server->announced = true;
}

bool metrics_http_wait(struct metrics_http *server, double seconds)
{
	double end = monotonic_now() + seconds;
	struct pollfd fds[2];

	if (!server)
		return signals_wait(seconds);
	if (!server->announced)
		announce(server);
	fds[0] = (struct pollfd){ .fd = server->events_fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = server->signals_fd, .events = POLLIN };
	do {
		poll(fds, 2, wait_time(server, end - monotonic_now()));
		MHD_run(server->daemon);
		hang_up_expired(server);
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
