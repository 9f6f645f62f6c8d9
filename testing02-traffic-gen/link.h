/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The interface as the kernel sees it. Part of xdp_gen_user. */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>

#include "netif.h"

struct link {
	bool up, carrier;
	unsigned int mtu;
	unsigned long long left; /* frames that it has sent */
	unsigned long long dropped; /* and those that it could not send */
};

/*
 * Ask for the state and the counters of @dev. Returns 0; or, after one error
 * line, -ENODEV when the interface is gone, -EIO when the kernel does not tell.
 */
int link_get(const struct netif *dev, struct link *link);

#endif /* LINK_H */
