// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The addresses of a prefix, counted in the last 32 bits. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sweep.h"

static int bad_prefix(const char *text, const char *why)
{
	pr_err("bad value '%s' for --sweep: %s", text, why);
	return -EINVAL;
}

static void *last_word(struct netif_addr *addr)
{
	return addr->family == AF_INET6 ? (void *)&addr->v6.s6_addr[12] : (void *)&addr->v4;
}

static void clear_host(struct sweep *sweep, unsigned int bits)
{
	void *at = last_word(&sweep->prefix);
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	word = htonl(ntohl(word) & ~((1U << bits) - 1));
	memcpy(at, &word, sizeof(word));
}

int sweep_begin(struct sweep *sweep, const char *text)
{
	static const char form[] = "not a prefix like 10.11.1.0/24";
	const char *slash = strchr(text, '/');
	unsigned long length, all, bits;
	char addr[64], *end;

	*sweep = (struct sweep){ 0 };
	if (!slash || (size_t)(slash - text) >= sizeof(addr))
		return bad_prefix(text, form);
	memcpy(addr, text, (size_t)(slash - text));
	addr[slash - text] = '\0';
	length = strtoul(slash + 1, &end, 10);
	if (netif_parse_addr(addr, &sweep->prefix) || *end || slash[1] < '0' || slash[1] > '9')
		return bad_prefix(text, form);
	all = sweep->prefix.family == AF_INET6 ? 128 : 32;
	if (length > all)
		return bad_prefix(text, form);
	bits = all - length;
	if (bits > SWEEP_BITS)
		return bad_prefix(text, "more than 4096 addresses");
	clear_host(sweep, (unsigned int)bits);
	sweep->end = 1U << bits;
	if (bits > 1)
		sweep->next = 1;
	if (bits > 1 && sweep->prefix.family == AF_INET)
		sweep->end--;
	return 0;
}

bool sweep_next(struct sweep *sweep, struct netif_addr *addr)
{
	uint32_t word;
	void *at;

	if (sweep->next >= sweep->end)
		return false;
	*addr = sweep->prefix;
	at = last_word(addr);
	memcpy(&word, at, sizeof(word));
	word = htonl(ntohl(word) + sweep->next++);
	memcpy(at, &word, sizeof(word));
	return true;
}
