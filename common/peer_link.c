// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Interfaces as rtnetlink and generic netlink describe them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/if_link.h>

#include "netlink.h"
#include "peer_link.h"

/* Of linux/netdev.h, which came with 6.3. */
#define NETDEV_FAMILY "netdev"
#define NETDEV_VERSION 1
#define NETDEV_GET 1 /* NETDEV_CMD_DEV_GET */
#define NETDEV_IFINDEX 1 /* NETDEV_A_DEV_IFINDEX */
#define NETDEV_FEATURES 3 /* NETDEV_A_DEV_XDP_FEATURES */

static int number(const struct rtattr *attr)
{
	return *(const int *)RTA_DATA(attr);
}

static void copy_text(char *to, size_t size, const struct rtattr *attr)
{
	if (attr)
		snprintf(to, size, "%.*s", (int)RTA_PAYLOAD(attr), (const char *)RTA_DATA(attr));
}

static bool holds_native(const struct rtattr *xdp)
{
	const struct rtattr *table[IFLA_XDP_MAX + 1];
	__u8 mode;

	netlink_parse_nested(xdp, table, IFLA_XDP_MAX);
	if (!table[IFLA_XDP_ATTACHED])
		return false;
	mode = *(const __u8 *)RTA_DATA(table[IFLA_XDP_ATTACHED]);
	return mode == XDP_ATTACHED_DRV ||
	       (mode == XDP_ATTACHED_MULTI && table[IFLA_XDP_DRV_PROG_ID]);
}

static void read_link(const struct netlink_answer *answer, struct peer_link *link)
{
	const struct ifinfomsg *info = (const void *)answer->body;
	const struct rtattr *table[IFLA_MAX + 1];
	const struct rtattr *kind[IFLA_INFO_MAX + 1];

	memset(link, 0, sizeof(*link));
	netlink_parse(answer, sizeof(*info), table, IFLA_MAX);
	link->flags = info->ifi_flags;
	copy_text(link->name, sizeof(link->name), table[IFLA_IFNAME]);
	if (table[IFLA_LINKINFO]) {
		netlink_parse_nested(table[IFLA_LINKINFO], kind, IFLA_INFO_MAX);
		copy_text(link->kind, sizeof(link->kind), kind[IFLA_INFO_KIND]);
	}
	if (table[IFLA_LINK])
		link->peer = number(table[IFLA_LINK]);
	link->peer_ns = PEER_HERE;
	if (table[IFLA_LINK_NETNSID]) {
		link->peer_ns = number(table[IFLA_LINK_NETNSID]);
		if (link->peer_ns < 0)
			link->peer_ns = PEER_NOWHERE;
	}
	if (table[IFLA_XDP])
		link->native = holds_native(table[IFLA_XDP]);
}

int peer_link_get(int ifindex, int ns, struct peer_link *link)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct netlink_question question;
	struct netlink_answer answer;
	int err;

	if (ns == PEER_NOWHERE)
		return -ENOENT;
	netlink_begin(&question, RTM_GETLINK, &info, sizeof(info));
	if (ns != PEER_HERE)
		netlink_put(&question, IFLA_TARGET_NETNSID, &ns, sizeof(ns));
	err = netlink_ask(NETLINK_ROUTE, &question, &answer);
	if (!err)
		read_link(&answer, link);
	return err;
}

/* The number that generic netlink has given to @name, or -errno. */
static int find_family(const char *name)
{
	const struct genlmsghdr header = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	const struct rtattr *table[CTRL_ATTR_MAX + 1];
	struct netlink_question question;
	struct netlink_answer answer;
	int err;

	netlink_begin(&question, GENL_ID_CTRL, &header, sizeof(header));
	netlink_put(&question, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	err = netlink_ask(NETLINK_GENERIC, &question, &answer);
	if (err)
		return err;
	netlink_parse(&answer, sizeof(header), table, CTRL_ATTR_MAX);
	if (!table[CTRL_ATTR_FAMILY_ID])
		return -EPROTO;
	return *(const __u16 *)RTA_DATA(table[CTRL_ATTR_FAMILY_ID]);
}

int peer_link_features(int ifindex, __u64 *features)
{
	const struct genlmsghdr header = { .cmd = NETDEV_GET, .version = NETDEV_VERSION };
	const struct rtattr *table[NETDEV_FEATURES + 1];
	struct netlink_question question;
	struct netlink_answer answer;
	int err, family = find_family(NETDEV_FAMILY);

	if (family < 0)
		return family;
	netlink_begin(&question, (__u16)family, &header, sizeof(header));
	netlink_put(&question, NETDEV_IFINDEX, &ifindex, sizeof(ifindex));
	err = netlink_ask(NETLINK_GENERIC, &question, &answer);
	if (err)
		return err;
	netlink_parse(&answer, sizeof(header), table, NETDEV_FEATURES);
	if (!table[NETDEV_FEATURES])
		return -ENOENT;
	memcpy(features, RTA_DATA(table[NETDEV_FEATURES]), sizeof(*features));
	return 0;
}
