/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Addresses in the kernel's tables: the neighbours on a link with their MAC
 * addresses, and an interface's own addresses. Taught in testing02-traffic-gen
 * (looked up) and advanced04-xdp-ping (resolved).
 */
#ifndef COMMON_NEIGHBOUR_H
#define COMMON_NEIGHBOUR_H

#include <stdbool.h>

#include "netif.h"

/*
 * Look among the neighbours of @dev for one whose MAC address is known: for
 * @addr, or, when only @addr->family is set (@any), for any of that family,
 * first for those that were entered by hand. Returns 1 and completes *@addr
 * and *@mac; 0 when there is none; or -errno.
 */
int neighbour_find(const struct netif *dev, bool any, struct netif_addr *addr,
		   struct netif_mac *mac);

/*
 * Find the address of @dev that has most in common with @dst, bit by bit from
 * the first one. Returns 1, 0 or -errno likewise.
 */
int local_addr_find(const struct netif *dev, const struct netif_addr *dst, struct netif_addr *own);

/* An address on a link, and the MAC address that it has there. */
struct neighbour {
	struct netif_addr addr;
	struct netif_mac mac;
	bool known; /* the MAC address is there */
	bool failed; /* nobody has answered */
};

/*
 * Find the MAC addresses of @count neighbours of @dev, of either family and in
 * any order, by making the kernel resolve those that are not in its table, a
 * few hundred at a time. For each such batch that takes @seconds at most, or until a
 * signal that is held back comes (signals.h). Sets .known or .failed of each.
 * Returns 0, or -errno: -EPERM without CAP_NET_ADMIN, -EINTR after a signal.
 */
int neighbour_resolve(const struct netif *dev, struct neighbour *neighbours, unsigned int count,
		      double seconds);

#endif /* COMMON_NEIGHBOUR_H */
