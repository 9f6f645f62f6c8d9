// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Before the first frame: the state of the interface, over rtnetlink; options that
 * do not go together; addresses that were not given.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include "gen.h"
#include "log.h"
#include "net/neighbour.h"
#include "net/netlink.h"

#define VLAN_LEN 4

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

/* IPv6 is asked for by -6, or by an address. */
static int check_family(struct gen_opts *opts)
{
	if (opts->src.family == AF_INET6 || opts->dst.family == AF_INET6)
		opts->ipv6 = true;
	if (!opts->ipv6 || (opts->src.family != AF_INET && opts->dst.family != AF_INET))
		return 0;
	pr_err("cannot send IPv4 and IPv6 at once: see --src, --dst, --ipv6");
	return -EINVAL;
}

static int check_ports(const struct gen_opts *opts)
{
	if (opts->sport + opts->flows - 1 <= PORT_MAX)
		return 0;
	pr_err("cannot send %u flows from port %u on: %d is the last one (see --sport)",
	       opts->flows, opts->sport, PORT_MAX);
	return -EINVAL;
}

/* A tag counts as a part of the frame: a veth sees it so. */
static int check_size(struct gen_opts *opts, unsigned int mtu)
{
	unsigned int max = mtu + ETH_HLEN;

	opts->head = (unsigned int)(ETH_HLEN + (opts->vlan ? VLAN_LEN : 0) +
				    (opts->ipv6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr)) +
				    sizeof(struct udphdr));
	if (!opts->size)
		opts->size = opts->head > GEN_SIZE ? opts->head : GEN_SIZE;
	if (opts->size >= opts->head && opts->size <= max)
		return 0;
	pr_err("cannot send frames of %u bytes: the headers take %u, and '%s' sends up to %u",
	       opts->size, opts->head, opts->dev.name, max);
	return -EINVAL;
}

static int check_link(const struct gen_opts *opts, const struct link *link)
{
	if (link->up && link->carrier)
		return 0;
	if (!link->up)
		pr_err("cannot send through '%s': it is down (ip link set %s up)", opts->dev.name,
		       opts->dev.name);
	else
		pr_err("cannot send through '%s': it has no carrier (is its other end up?)",
		       opts->dev.name);
	return -ENODEV;
}

static int check(struct gen_opts *opts)
{
	struct link link;
	int err;

	err = check_family(opts);
	if (!err)
		err = check_ports(opts);
	if (!err)
		err = link_get(&opts->dev, &link);
	if (!err)
		err = check_size(opts, link.mtu);
	return err ? err : check_link(opts, &link);
}

static int no_destination(const struct gen_opts *opts, bool any)
{
	char text[ADDR_TEXT];

	if (any)
		pr_err("no destination: '%s' has no %s neighbour whose MAC "
		       "address is known (give --dst and --dest-mac)",
		       opts->dev.name, opts->ipv6 ? "IPv6" : "IPv4");
	else
		pr_err("cannot send to '%s': '%s' does not know its MAC "
		       "address (ping it once, or give --dest-mac)",
		       addr_to_str(&opts->dst, text), opts->dev.name);
	return -EIO;
}

static int find_destination(struct gen_opts *opts)
{
	bool any = !opts->dst.family;
	struct netif_mac mac;
	int found;

	if (!any && mac_is_set(&opts->dst_mac))
		return 0;
	opts->dst.family = opts->ipv6 ? AF_INET6 : AF_INET;
	if (!any && mac_of_group(&opts->dst, &opts->dst_mac))
		return 0;
	found = neighbour_find(&opts->dev, any, &opts->dst, &mac);
	if (!found)
		return no_destination(opts, any);
	if (found > 0 && !mac_is_set(&opts->dst_mac))
		opts->dst_mac = mac;
	return found < 0 ? found : 0;
}

static int find_source(struct gen_opts *opts)
{
	int found = 1;

	if (!mac_is_set(&opts->src_mac))
		found = netif_mac(&opts->dev, &opts->src_mac) ?: 1;
	if (found > 0 && !opts->src.family)
		found = local_addr_find(&opts->dev, &opts->dst, &opts->src);
	if (found)
		return found < 0 ? found : 0;
	pr_err("no source: '%s' has no %s address (give --src)", opts->dev.name,
	       opts->ipv6 ? "IPv6" : "IPv4");
	return -EIO;
}

static int find_addresses(struct gen_opts *opts)
{
	int err = find_destination(opts);

	if (!err)
		err = find_source(opts);
	if (err && err != -EIO)
		pr_err("cannot ask for the addresses of '%s': %s", opts->dev.name, strerror(-err));
	return err ? -EIO : 0;
}

int setup_complete(struct gen_opts *opts)
{
	int err = check(opts);

	return err ? err : find_addresses(opts);
}
