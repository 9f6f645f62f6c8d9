// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* MAC and IP addresses: any text is read or refused, and read as it says. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netif.h"

#define TEXT_MAX 256

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check_mac(const char *text)
{
	struct netif_mac mac, again;
	char written[32];
	const unsigned char *b = mac.addr;

	if (netif_parse_mac(text, &mac))
		return;
	snprintf(written, sizeof(written), "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3],
		 b[4], b[5]);
	if (netif_parse_mac(written, &again) || memcmp(&mac, &again, sizeof(mac)) != 0)
		abort();
}

static void check_addr(const char *text)
{
	struct netif_addr addr, again;
	char written[INET6_ADDRSTRLEN];

	if (netif_parse_addr(text, &addr))
		return;
	inet_ntop(addr.family, &addr.v6, written, sizeof(written));
	if (netif_parse_addr(written, &again) || again.family != addr.family)
		abort();
	if (memcmp(&addr.v6, &again.v6, addr.family == AF_INET ? 4 : 16) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char text[TEXT_MAX];

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_mac(text);
	check_addr(text);
	return 0;
}
