// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Ask the kernel's routing tables over rtnetlink how a packet to an address would leave. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "log.h"
#include "net/netlink.h"
#include "net/route.h"

static void read_addr(const struct rtattr *attr, int family, struct netif_addr *addr)
{
	size_t size = family == AF_INET6 ? sizeof(addr->v6) : sizeof(addr->v4);

	if (!attr || RTA_PAYLOAD(attr) < size)
		return;
	addr->family = family;
	memcpy(&addr->v6, RTA_DATA(attr), size);
}

/* The router of an IPv4 route may have an IPv6 address (RFC 5549). */
static void read_via(const struct rtattr *attr, struct netif_addr *addr)
{
	const struct rtvia *via = RTA_DATA(attr);
	size_t size = RTA_PAYLOAD(attr) - sizeof(*via);

	if (RTA_PAYLOAD(attr) < sizeof(*via) || size > sizeof(addr->v6))
		return;
	addr->family = via->rtvia_family;
	memcpy(&addr->v6, via->rtvia_addr, size);
}

/* Store what the kernel has answered. Returns 0 or -errno. */
static int read_route(const struct netlink_answer *answer, const struct netif_addr *dst,
		      struct route *route)
{
	const struct rtmsg *header = (const void *)answer->body;
	const struct rtattr *table[RTA_MAX + 1];
	int index;

	netlink_parse(answer, sizeof(*header), table, RTA_MAX);
	*route = (struct route){ .next_hop = *dst };
	route->local = header->rtm_type == RTN_LOCAL;
	if (header->rtm_type != RTN_UNICAST && !route->local)
		return -EINVAL;
	read_addr(table[RTA_PREFSRC], dst->family, &route->src);
	read_addr(table[RTA_GATEWAY], dst->family, &route->next_hop);
	if (table[RTA_VIA])
		read_via(table[RTA_VIA], &route->next_hop);
	route->direct = !table[RTA_GATEWAY] && !table[RTA_VIA];
	if (!table[RTA_OIF])
		return -ENETUNREACH;
	memcpy(&index, RTA_DATA(table[RTA_OIF]), sizeof(index));
	route->dev.index = index;
	if (!if_indextoname((unsigned int)index, route->dev.name))
		return -errno;
	return 0;
}

static void print_reason(const struct netif_addr *dst, const struct netif *dev, int err)
{
	char text[ADDR_TEXT];
	const char *why = strerror(-err);

	addr_to_str(dst, text);
	if (err == -EINVAL) {
		pr_err("bad address '%s': not the address of one host", text);
		return;
	}
	if (err == -ENETUNREACH)
		why = "there is no route";
	if (err == -EACCES)
		why = "a route prohibits it";
	if (dev->index)
		pr_err("cannot reach '%s' through '%s': %s", text, dev->name, why);
	else
		pr_err("cannot reach '%s': %s", text, why);
}

/* Multicast and broadcast have routes as well, but lead to no host in particular. */
static bool is_host(const struct netif_addr *addr)
{
	if (addr->family == AF_INET6)
		return addr->v6.s6_addr[0] != 0xff && !IN6_IS_ADDR_UNSPECIFIED(&addr->v6);
	return !IN_MULTICAST(ntohl(addr->v4.s_addr)) && addr->v4.s_addr != INADDR_ANY &&
	       addr->v4.s_addr != INADDR_BROADCAST;
}

int route_find(const struct netif_addr *dst, const struct netif *dev, struct route *route)
{
	size_t size = dst->family == AF_INET6 ? sizeof(dst->v6) : sizeof(dst->v4);
	const struct rtmsg header = {
		.rtm_family = (unsigned char)dst->family,
		.rtm_dst_len = (unsigned char)(8 * size),
	};
	struct netlink_question question;
	struct netlink_answer answer;
	int err = -EINVAL;

	if (is_host(dst)) {
		netlink_begin(&question, RTM_GETROUTE, &header, sizeof(header));
		netlink_put(&question, RTA_DST, &dst->v6, size);
		if (dev->index)
			netlink_put(&question, RTA_OIF, &dev->index, sizeof(dev->index));
		err = nl_get(NETLINK_ROUTE, &question, &answer);
		/* That is what a route of the type blackhole gives. */
		if (err == -EINVAL)
			err = -EHOSTUNREACH;
		if (!err)
			err = read_route(&answer, dst, route);
	}
	if (err)
		print_reason(dst, dev, err);
	return err;
}
