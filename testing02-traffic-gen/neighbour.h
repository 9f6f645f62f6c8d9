/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Addresses in the kernel's tables. Part of xdp_gen_user. */
#ifndef NEIGHBOUR_H
#define NEIGHBOUR_H

#include "netif.h"

/*
 * Look among the neighbours of @dev for one whose MAC address is known: for
 * @addr, or, when only @addr->family is set (@any), for one that was entered
 * by hand before all others. Returns 1 and completes *@addr and *@mac; 0 when
 * there is none; or -errno.
 */
int neighbour_find(const struct netif *dev, bool any, struct netif_addr *addr,
		   struct netif_mac *mac);

/*
 * Find the address of @dev that has most in common with @dst, bit by bit from
 * the first one. Returns 1, 0 or -errno likewise.
 */
int neighbour_own(const struct netif *dev, const struct netif_addr *dst,
		  struct netif_addr *own);

#endif /* NEIGHBOUR_H */
