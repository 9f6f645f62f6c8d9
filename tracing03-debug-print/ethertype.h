/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* EtherTypes by name. Part of xdp_print_user. */
#ifndef ETHERTYPE_H
#define ETHERTYPE_H

#include <linux/types.h>

/*
 * What the EtherType @type stands for, or NULL where it has no usual name.
 * Numbers below 1536 are none: up to 1500 they are the length of a frame of
 * IEEE 802.3, "length".
 */
const char *ethertype_name(__u16 type);

#endif /* ETHERTYPE_H */
