// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Addresses that were not given. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "log.h"
#include "net/neighbour.h"
#include "target.h"

static bool is_given(const struct netif_mac *mac)
{
	static const struct netif_mac none;

	return memcmp(mac, &none, sizeof(none)) != 0;
}

static int no_destination(const struct gen_opts *opts, bool any)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(opts->dst.family, &opts->dst.v6, text, sizeof(text));
	if (any)
		pr_err("no destination: '%s' has no %s neighbour whose MAC "
		       "address is known (give --dst and --dest-mac)",
		       opts->dev.name, opts->ipv6 ? "IPv6" : "IPv4");
	else
		pr_err("cannot send to '%s': '%s' does not know its MAC "
		       "address (ping it once, or give --dest-mac)",
		       text, opts->dev.name);
	return -EIO;
}

/* What a switch delivers to all, or to a group, has a MAC address by rule. */
static bool group_mac(const struct netif_addr *addr, struct netif_mac *mac)
{
	const unsigned char *byte = addr->v6.s6_addr;

	if (addr->family == AF_INET6 && byte[0] == 0xff)
		*mac = (struct netif_mac){ { 0x33, 0x33, byte[12], byte[13], byte[14], byte[15] } };
	else if (addr->family == AF_INET && (byte[0] & 0xf0) == 0xe0)
		*mac = (struct netif_mac){ { 0x01, 0x00, 0x5e, byte[1] & 0x7f, byte[2], byte[3] } };
	else if (addr->family == AF_INET && addr->v4.s_addr == INADDR_BROADCAST)
		memset(mac, 0xff, sizeof(*mac));
	else
		return false;
	return true;
}

static int find_destination(struct gen_opts *opts)
{
	bool any = !opts->dst.family;
	struct netif_mac mac;
	int found;

	if (!any && is_given(&opts->dst_mac))
		return 0;
	opts->dst.family = opts->ipv6 ? AF_INET6 : AF_INET;
	if (!any && group_mac(&opts->dst, &opts->dst_mac))
		return 0;
	found = neighbour_find(&opts->dev, any, &opts->dst, &mac);
	if (!found)
		return no_destination(opts, any);
	if (found > 0 && !is_given(&opts->dst_mac))
		opts->dst_mac = mac;
	return found < 0 ? found : 0;
}

static int find_source(struct gen_opts *opts)
{
	int found = 1;

	if (!is_given(&opts->src_mac))
		found = netif_mac(&opts->dev, &opts->src_mac) ?: 1;
	if (found > 0 && !opts->src.family)
		found = local_addr_find(&opts->dev, &opts->dst, &opts->src);
	if (found)
		return found < 0 ? found : 0;
	pr_err("no source: '%s' has no %s address (give --src)", opts->dev.name,
	       opts->ipv6 ? "IPv6" : "IPv4");
	return -EIO;
}

int target_find(struct gen_opts *opts)
{
	int err = find_destination(opts);

	if (!err)
		err = find_source(opts);
	if (err && err != -EIO)
		pr_err("cannot ask for the addresses of '%s': %s", opts->dev.name, strerror(-err));
	return err ? -EIO : 0;
}
