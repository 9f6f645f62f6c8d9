/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Where metrics are served: an address and a port, and a socket there. */
#ifndef COMMON_METRICS_LISTEN_H
#define COMMON_METRICS_LISTEN_H

#include <stddef.h>

#include "netif.h"

/* "http://[IPv6 address]:port/metrics" fits. */
#define METRICS_URL_MAX 80

struct metrics_addr {
	struct netif_addr addr;
	unsigned short port; /* 0: the kernel chooses one that is free */
};

/*
 * Read "[ADDR:]PORT": without ADDR it is 127.0.0.1, which nobody outside of
 * the machine can reach; an IPv6 address stands in brackets. Returns 0, or
 * -EINVAL with *@addr as it was.
 */
int metrics_parse(const char *text, struct metrics_addr *addr);

/*
 * Listen there. Returns a socket that does not block, for the caller to close,
 * and stores the page's address in @url; or -errno. "[::]" is every address,
 * those of IPv4 too unless net.ipv6.bindv6only is set.
 */
int metrics_listen(const struct metrics_addr *addr, char url[METRICS_URL_MAX]);

#endif /* COMMON_METRICS_LISTEN_H */
