// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* State and counters of an interface, over rtnetlink. */
#include <errno.h>
#include <string.h>

#include <linux/if_link.h>

#include "link.h"
#include "log.h"
#include "net/netlink.h"

static void read_link(const struct netlink_answer *answer, struct link *link)
{
	const struct ifinfomsg *info = (const void *)answer->body;
	const struct rtattr *table[IFLA_MAX + 1];
	struct rtnl_link_stats64 stats;

	netlink_parse(answer, sizeof(*info), table, IFLA_MAX);
	*link = (struct link){
		.up = info->ifi_flags & IFF_UP,
		.carrier = info->ifi_flags & IFF_RUNNING,
	};
	if (table[IFLA_MTU])
		memcpy(&link->mtu, RTA_DATA(table[IFLA_MTU]), sizeof(link->mtu));
	if (!table[IFLA_STATS64])
		return;
	memcpy(&stats, RTA_DATA(table[IFLA_STATS64]), sizeof(stats));
	link->left = stats.tx_packets;
	link->dropped = stats.tx_dropped + stats.tx_errors;
}

int link_get(const struct netif *dev, struct link *link)
{
	const struct ifinfomsg info = { .ifi_index = dev->index };
	struct netlink_question question;
	struct netlink_answer answer;
	int err;

	netlink_begin(&question, RTM_GETLINK, &info, sizeof(info));
	err = nl_get(NETLINK_ROUTE, &question, &answer);
	if (!err) {
		read_link(&answer, link);
		return 0;
	}
	if (err == -ENODEV) {
		pr_err("interface '%s' is gone", dev->name);
		return err;
	}
	pr_err("cannot ask for the counters of '%s': %s", dev->name, strerror(-err));
	return -EIO;
}
