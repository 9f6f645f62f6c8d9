// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* From the text of an option to a socket that listens. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "metrics_listen.h"

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
