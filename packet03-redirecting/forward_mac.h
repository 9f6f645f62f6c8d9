/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* MAC addresses on the command line of xdp_redirect_user. */
#ifndef FORWARD_MAC_H
#define FORWARD_MAC_H

#include <stdbool.h>

#include "netif.h"

#define FORWARD_MAC_TEXT 18 /* "aa:bb:cc:dd:ee:ff" with its end */

/* Was it given? No interface has the address of zeros alone. */
bool forward_mac_given(const struct netif_mac *mac);

/* Does it belong to a group, broadcast included? */
bool forward_mac_is_group(const struct netif_mac *mac);

/* Writes it to @text, which has FORWARD_MAC_TEXT bytes, and returns that. */
const char *forward_mac_text(const unsigned char *mac, char *text);

#endif /* FORWARD_MAC_H */
