/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The reference count of kernel objects, shown. Part of xdp_lifetime_user. */
#ifndef HOLDERS_H
#define HOLDERS_H

#include <stdbool.h>

#include "netif.h"

/*
 * Make an object, have more and more and then fewer and fewer hold it, and
 * print at each step whether its id still names it. Return 0 or -errno.
 */
int holders_of_map(void);
int holders_of_prog(const struct netif *dev);

/* The id of the program behind @fd; 0 when it cannot be had. */
unsigned int holders_prog_id(int fd);

/* Whether program @id is freed by now, or within two seconds. */
bool holders_prog_is_gone(unsigned int id);

#endif /* HOLDERS_H */
