/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The way to an address, as the kernel's routing tables have it. Taught in
 * advanced04-xdp-ping.
 */
#ifndef COMMON_ROUTE_H
#define COMMON_ROUTE_H

#include <stdbool.h>

#include "netif.h"

struct route {
	struct netif dev; /* packets leave through it */
	struct netif_addr src; /* from this address, if no other is wanted */
	struct netif_addr next; /* who takes them: @dst itself, or a router */
	bool direct; /* it is @dst itself */
	bool own; /* @dst is an address of this machine */
};

/*
 * Find the way to @dst, through @dev where its index is not 0. Returns 0; or
 * -errno after one error line: -EINVAL for an address that is not one host's,
 * -ENETUNREACH, -EHOSTUNREACH or -EACCES where there is no way, or another of
 * netlink.
 */
int route_find(const struct netif_addr *dst, const struct netif *dev, struct route *route);

#endif /* COMMON_ROUTE_H */
