// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* MAC addresses: given or not, of a group or not, as text. */
#include <stdio.h>
#include <string.h>

#include "forward_mac.h"

bool forward_mac_given(const struct netif_mac *mac)
{
	const struct netif_mac none = { 0 };

	return memcmp(mac, &none, sizeof(none)) != 0;
}

bool forward_mac_is_group(const struct netif_mac *mac)
{
	return mac->addr[0] & 1;
}

const char *forward_mac_text(const unsigned char *mac, char *text)
{
	snprintf(text, FORWARD_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	return text;
}
