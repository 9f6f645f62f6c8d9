/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The addresses of a prefix, one after the other. */
#ifndef SWEEP_H
#define SWEEP_H

#include <stdbool.h>

#include "netif.h"

#define SWEEP_BITS 12 /* of an address: the longest sweep has 4096 */

struct sweep {
	struct netif_addr prefix;
	unsigned int next, end; /* numbers that are added to it */
};

/*
 * Begin with "10.11.1.0/24" or "fc00::/120". The first and the last address of
 * an IPv4 network are its own and its broadcast address, the first one of an
 * IPv6 network is all its routers': they are left out, unless there are two
 * addresses or one only. Returns 0, or -EINVAL after one error line.
 */
int sweep_begin(struct sweep *sweep, const char *text);

/* Store the next one in *@addr; false: there is none. */
bool sweep_next(struct sweep *sweep, struct netif_addr *addr);

#endif /* SWEEP_H */
