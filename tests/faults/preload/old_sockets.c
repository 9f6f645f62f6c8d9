// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * To be preloaded: sockets as on a kernel that lacks something. OLD_SOCKETS
 * says what: "xdp", no AF_XDP; "busy_poll", no SO_PREFER_BUSY_POLL (before 5.11);
 * "shared", no UMEM for sockets of several queues (before 5.10).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/if_xdp.h>

static bool lacks(const char *what)
{
	const char *text = getenv("OLD_SOCKETS");

	return text && !strcmp(text, what);
}

int socket(int domain, int type, int protocol)
{
	static int (*next)(int domain, int type, int protocol);

	if (domain == AF_XDP && lacks("xdp")) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "socket");
	return next(domain, type, protocol);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	static int (*next)(int fd, int level, int name, const void *value, socklen_t size);

	if (level == SOL_SOCKET && name == SO_PREFER_BUSY_POLL && lacks("busy_poll")) {
		errno = ENOPROTOOPT;
		return -1;
	}
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "setsockopt");
	return next(fd, level, name, value, size);
}

int bind(int fd, const struct sockaddr *addr, socklen_t size)
{
	static int (*next)(int fd, const struct sockaddr *addr, socklen_t size);
	struct sockaddr_xdp xdp = { 0 };

	if (size == sizeof(xdp))
		memcpy(&xdp, addr, size);
	if (xdp.sxdp_family == AF_XDP && xdp.sxdp_flags & XDP_SHARED_UMEM && lacks("shared")) {
		errno = EINVAL;
		return -1;
	}
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "bind");
	return next(fd, addr, size);
}
