/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* How packets get there: interface, addresses, the next hop. */
#ifndef WAY_H
#define WAY_H

#include "ping.h"

/*
 * Complete what was not given: the interface and the source address, from the
 * routes; the next hop's MAC address, from the table of neighbours, or by
 * having the kernel ask. Targets that cannot be asked are left out while others
 * can. Returns 0; or -errno after one error line.
 */
int way_find(struct ping *ping);

#endif /* WAY_H */
