/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The route to an address: what `ip route get` shows. Taught in
 * advanced04-xdp-ping.
 */
#ifndef COMMON_ROUTE_H
#define COMMON_ROUTE_H

#include <stdbool.h>

#include "netif.h"

struct route {
	struct netif dev; /* packets leave through it */
	struct netif_addr src; /* the kernel's choice of a source address */
	struct netif_addr next_hop; /* a router, or the destination itself */
	bool direct; /* it is the destination itself */
	bool local; /* the destination is an address of this machine */
};

/*
 * Find the route to @dst, through @dev where its index is not 0. Returns 0; or
 * -errno after one error line: -EINVAL for an address that is not one host's,
 * -ENETUNREACH, -EHOSTUNREACH or -EACCES where there is no route or one that
 * forbids it, or another of netlink.
 */
int route_find(const struct netif_addr *dst, const struct netif *dev, struct route *route);

#endif /* COMMON_ROUTE_H */
