/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* tx_port: through which interfaces packets may leave. */
#ifndef PORTS_H
#define PORTS_H

#include <stdbool.h>

#include "attach.h"

/*
 * For a program just loaded, if it is the router: put every interface of this
 * namespace into tx_port that takes redirected packets. Returns 0, or -ENOEXEC
 * after one error line.
 */
int ports_fill(const struct attach *at);

/*
 * Put interface @ifindex into the map behind @fd under @key, or take out what
 * is there. Returns 0 or -errno.
 */
int ports_set(int fd, unsigned int key, int ifindex);
int ports_clear(int fd, unsigned int key);

/* The interface under @key: its index, or 0 when there is none. */
int ports_get(int fd, unsigned int key);

#endif /* PORTS_H */
