// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Where pages of metrics are served, and who may stay connected. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture.h"
#include "metrics/metrics_http.h"
#include "tap.h"

#define CLIENTS_MAX 32
#define CLIENT_SECONDS 10
#define TRIES 100

/* The Makefile has monotonic_now() replaced by this one: time passes when a test says so. */
static double skipped;

double __real_monotonic_now(void);
double __wrap_monotonic_now(void);

double __wrap_monotonic_now(void)
{
	return __real_monotonic_now() + skipped;
}

static struct metrics_http *server;
static struct capture said;
static bool early; /* something was printed before it is served */

static int write_page(struct metrics *page, void *arg)
{
	(void)arg;
	metrics_family(page, "x_total", METRICS_COUNTER, "X.");
	metrics_uint(page, 1);
	return 0;
}

/* Serve at @where; what was printed is in said.text. */
static int start(const char *where)
{
	int err;

	capture_begin(&said, 2);
	err = metrics_http_start(&server, where, write_page, NULL);
	/* The address is printed when requests are answered. */
	if (!err && server) {
		fseek(said.file, 0, SEEK_END);
		early |= ftell(said.file) > 0;
		metrics_http_wait(server, 0);
	}
	capture_end(&said);
	return err;
}

static void stop(void)
{
	metrics_http_stop(server);
	server = NULL;
}

/* The port of the server's own. */
static unsigned short port(void)
{
	const char *colon = strrchr(said.text, ':');

	return colon ? (unsigned short)atoi(colon + 1) : 0;
}

/* @where is served, at the address @url, whose port is @number (0: any). */
static void is_where(const char *where, const char *url, unsigned short number)
{
	char begin[64], end[64];
	int err = start(where);

	snprintf(begin, sizeof(begin), "note: metrics are at %s:", url);
	snprintf(end, sizeof(end), ":%u/metrics\n", number ? number : port());
	if (!ok(!err && port() && !strncmp(said.text, begin, strlen(begin)) &&
			!strcmp(strrchr(said.text, ':'), end),
		where))
		printf("# got %d, %s", err, said.text);
	stop();
}

/* @where is an address, which is somebody else's. */
static void is_elsewhere(const char *where)
{
	int err = start(where);

	if (!ok(err == -EPERM && !server &&
			(strstr(said.text, ": Cannot assign requested address\n") ||
			 strstr(said.text, ": Address family not supported by protocol\n")),
		where))
		printf("# got %d, %s", err, said.text);
	stop();
}

static void refused(const char *where)
{
	char want[128];

	snprintf(want, sizeof(want), "error: bad value '%s' for --prometheus: ", where);
	ok(start(where) == -EINVAL && !server && !strncmp(said.text, want, strlen(want)),
	   *where ? where : "(nothing at all)");
	stop();
}

static void test_addresses(void)
{
	char zeros[16];

	ok(!start(NULL) && !server && !said.text[0], "nothing is served unasked");
	is_where("0", "http://127.0.0.1", 0);
	snprintf(zeros, sizeof(zeros), "00%u", port());
	ok(!start(zeros) && port() == atoi(zeros), "zeros before");
	stop();
	is_where("127.0.0.2:0", "http://127.0.0.2", 0);
	is_where("0.0.0.0:0", "http://0.0.0.0", 0);
	is_where("127.0.0.77:65535", "http://127.0.0.77", 65535);
	ok(!early, "the address is printed when somebody would be answered, and not before");
	is_elsewhere("[2001:db8::1]:9100");
	is_elsewhere("192.0.2.1:0");
	refused("");
	refused("x");
	refused("65536");
	refused("4294967296");
	refused("99999999999999999999999");
	refused("-1");
	refused("+1");
	refused(" 1");
	refused("1 ");
	refused("0x50");
	refused(":9100");
	refused("127.0.0.1");
	refused("127.0.0.1:");
	refused("127.1:9100");
	refused("localhost:9100");
	refused("::1:9100");
	refused("[::1]");
	refused("[::1]9100");
	refused("[]:9100");
	refused("[:9100");
	refused("]:9100");
	refused("[127.0.0.1]:9100");
	refused("[::1]:9100:9100");
	refused("[1234:1234:1234:1234:1234:1234:1234:1234:1234:1234]:9100");
}

static void test_busy(void)
{
	struct metrics_http *first;
	char where[16];

	start("0");
	first = server;
	snprintf(where, sizeof(where), "%u", port());
	is_int(start(where), -EPERM, "a port in use");
	has(said.text, ": Address already in use (port 0: one that is free)\n", "and why");
	metrics_http_stop(first);
	ok(!start(where) && port() == atoi(where), "and when it is free again");
	stop();
}

/* A client of the server at @number on 127.0.0.1. */
static int connect_to(unsigned short number)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(number),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)))
		perror("connect");
	return fd;
}

static bool is_ended(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

/* Let the server work until @fd is ended. */
static bool gets_ended(int fd)
{
	int i;

	for (i = 0; i < TRIES && !is_ended(fd); i++)
		metrics_http_wait(server, 0.05);
	return is_ended(fd);
}

/* Let it work for a while, which @fd outlasts. */
static bool stays(int fd)
{
	metrics_http_wait(server, 0.3);
	return !is_ended(fd);
}

static void test_clients(void)
{
	int client[CLIENTS_MAX + 2], i;
	unsigned short at;

	start("0");
	at = port();
	for (i = 0; i < CLIENTS_MAX; i++)
		client[i] = connect_to(at);
	ok(stays(client[0]), "as many as there may be");
	client[i++] = connect_to(at);
	ok(gets_ended(client[0]) && !is_ended(client[1]), "one more: the oldest goes");
	shutdown(client[5], SHUT_WR);
	ok(gets_ended(client[5]) && !is_ended(client[1]), "one that ends is ended");
	client[i++] = connect_to(at);
	ok(stays(client[1]), "a place that is free is taken first");
	for (i = 0; i < CLIENTS_MAX + 2; i++)
		close(client[i]);
	stop();
}

static void test_time(void)
{
	int old, new;

	start("0");
	old = connect_to(port());
	ok(stays(old), "a silent client stays for a while");
	skipped += CLIENT_SECONDS / 2;
	new = connect_to(port());
	ok(stays(new) && !is_ended(old), "and another one");
	skipped += CLIENT_SECONDS / 2;
	ok(gets_ended(old) && !is_ended(new), "the one whose time is over goes");
	close(old);
	close(new);
	stop();
}

int main(void)
{
	test_addresses();
	test_busy();
	test_clients();
	test_time();
	return tap_done();
}
