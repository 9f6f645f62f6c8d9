// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Addresses that were not given: from the tables of neighbours and addresses. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/if_addr.h>
#include <linux/neighbour.h>

#include "log.h"
#include "rtnl.h"
#include "target.h"

#define KNOWN (NUD_PERMANENT | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)

struct search {
	const struct gen_opts *opts;
	int family;
	int score; /* of the best one so far */
	struct netif_addr addr;
	struct netif_mac mac;
};

static size_t addr_size(int family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) :
				    sizeof(struct in_addr);
}

static bool addr_equal(const struct netif_addr *addr, const void *data)
{
	return !memcmp(&addr->v6, data, addr_size(addr->family));
}

/* How many bits two addresses have in common, from the first one on. */
static int common_bits(const void *a, const void *b, int family)
{
	const unsigned char *x = a, *y = b;
	int bit, bits = (int)addr_size(family) * 8;

	for (bit = 0; bit < bits; bit++)
		if ((x[bit / 8] ^ y[bit / 8]) & 0x80 >> bit % 8)
			break;
	return bit;
}

/* The neighbour that was asked for, or else the one that is most at home. */
static void look_at_neighbour(const struct nlmsghdr *hdr, void *context)
{
	const struct ndmsg *neigh = NLMSG_DATA(hdr);
	const struct rtattr *table[NDA_MAX + 1];
	struct search *search = context;
	const struct gen_opts *opts = search->opts;
	int score;

	rtnl_parse(hdr, sizeof(*neigh), table, NDA_MAX);
	if (neigh->ndm_family != search->family ||
	    neigh->ndm_ifindex != opts->dev.index ||
	    !(neigh->ndm_state & KNOWN) || !table[NDA_DST] ||
	    !table[NDA_LLADDR] || RTA_PAYLOAD(table[NDA_LLADDR]) != ETH_ALEN)
		return;
	if (opts->dst.family && !addr_equal(&opts->dst, RTA_DATA(table[NDA_DST])))
		return;
	score = neigh->ndm_state & NUD_PERMANENT ? 2 : 1;
	if (score <= search->score)
		return;
	search->score = score;
	search->addr.family = search->family;
	memcpy(&search->addr.v6, RTA_DATA(table[NDA_DST]),
	       addr_size(search->family));
	memcpy(&search->mac, RTA_DATA(table[NDA_LLADDR]), ETH_ALEN);
}

/* The interface's own address that is most like the destination. */
static void look_at_address(const struct nlmsghdr *hdr, void *context)
{
	const struct ifaddrmsg *info = NLMSG_DATA(hdr);
	const struct rtattr *table[IFA_MAX + 1], *own;
	struct search *search = context;
	int score;

	rtnl_parse(hdr, sizeof(*info), table, IFA_MAX);
	own = table[IFA_LOCAL] ? table[IFA_LOCAL] : table[IFA_ADDRESS];
	if (info->ifa_family != search->family || !own ||
	    (int)info->ifa_index != search->opts->dev.index)
		return;
	score = 1 + common_bits(RTA_DATA(own), &search->opts->dst.v6,
				search->family);
	if (score <= search->score)
		return;
	search->score = score;
	search->addr.family = search->family;
	memcpy(&search->addr.v6, RTA_DATA(own), addr_size(search->family));
}

static bool mac_given(const struct netif_mac *mac)
{
	static const struct netif_mac none;

	return memcmp(mac, &none, sizeof(none)) != 0;
}

static int no_destination(const struct gen_opts *opts)
{
	char text[INET6_ADDRSTRLEN];

	if (!opts->dst.family) {
		pr_err("no destination: '%s' has no %s neighbour whose MAC address is known (give --dst and --dest-mac)",
		       opts->dev.name, opts->ipv6 ? "IPv6" : "IPv4");
		return -EINVAL;
	}
	inet_ntop(opts->dst.family, &opts->dst.v6, text, sizeof(text));
	pr_err("cannot send to '%s': '%s' does not know its MAC address (ping it once, or give --dest-mac)",
	       text, opts->dev.name);
	return -EINVAL;
}

static int find_destination(struct gen_opts *opts, int family)
{
	struct search search = { .opts = opts, .family = family };
	int err;

	if (opts->dst.family && mac_given(&opts->dst_mac))
		return 0;
	err = rtnl_list(RTM_GETNEIGH, family, look_at_neighbour, &search);
	if (err) {
		pr_err("cannot list the neighbours of '%s': %s", opts->dev.name,
		       strerror(-err));
		return -EIO;
	}
	if (!search.score)
		return no_destination(opts);
	opts->dst = search.addr;
	if (!mac_given(&opts->dst_mac))
		opts->dst_mac = search.mac;
	return 0;
}

static int find_source(struct gen_opts *opts, int family)
{
	struct search search = { .opts = opts, .family = family };
	int err = 0;

	if (!mac_given(&opts->src_mac))
		err = netif_mac(&opts->dev, &opts->src_mac);
	if (!err && !opts->src.family)
		err = rtnl_list(RTM_GETADDR, family, look_at_address, &search);
	if (err) {
		pr_err("cannot ask for the addresses of '%s': %s",
		       opts->dev.name, strerror(-err));
		return -EIO;
	}
	if (opts->src.family)
		return 0;
	if (!search.score) {
		pr_err("no source: '%s' has no %s address (give --src)",
		       opts->dev.name, opts->ipv6 ? "IPv6" : "IPv4");
		return -EINVAL;
	}
	opts->src = search.addr;
	return 0;
}

int target_find(struct gen_opts *opts)
{
	int family = opts->ipv6 ? AF_INET6 : AF_INET;
	int err = find_destination(opts, family);

	return err ? err : find_source(opts, family);
}
