// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Neighbours asked for: the kernel does ARP, or neighbour discovery. */
#include <errno.h>
#include <string.h>

#include <linux/neighbour.h>

#include "neighbour.h"
#include "netlink.h"
#include "signals.h"
#include "stats.h"

/* Those that can be used. */
#define KNOWN (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)
#define GROUP 256 /* the kernel's table has room for 1024, if nobody has said */
#define LOOK_SECONDS 0.005

struct group {
	const struct netif *dev;
	struct neighbour *first;
	unsigned int count;
};

static size_t addr_size(const struct netif_addr *addr)
{
	return addr->family == AF_INET6 ? sizeof(addr->v6) : sizeof(addr->v4);
}

static bool is_it(const struct neighbour *one, int family, const struct rtattr *dst)
{
	return one->addr.family == family && RTA_PAYLOAD(dst) == addr_size(&one->addr) &&
	       !memcmp(RTA_DATA(dst), &one->addr.v6, RTA_PAYLOAD(dst));
}

/* What an element of the table says about it. */
static void take(struct neighbour *one, int state, const struct rtattr *mac)
{
	one->failed = state & NUD_FAILED;
	if (!(state & KNOWN) || !mac || RTA_PAYLOAD(mac) != sizeof(one->mac))
		return;
	memcpy(&one->mac, RTA_DATA(mac), sizeof(one->mac));
	one->known = true;
}

static void look_at(const struct netlink_answer *element, void *context)
{
	const struct ndmsg *neigh = (const void *)element->body;
	const struct rtattr *table[NDA_MAX + 1];
	struct group *group = context;
	struct neighbour *one;

	netlink_parse(element, sizeof(*neigh), table, NDA_MAX);
	if (neigh->ndm_ifindex != group->dev->index || !table[NDA_DST])
		return;
	/* It may be there more than once. */
	for (one = group->first; one < group->first + group->count; one++)
		if (is_it(one, neigh->ndm_family, table[NDA_DST]))
			take(one, neigh->ndm_state, table[NDA_LLADDR]);
}

/* Read the table. Returns how many are neither known nor failed, or -errno. */
static int look(struct group *group)
{
	/* Of both families: an IPv4 route may lead to an IPv6 address. */
	const struct ndmsg header = { .ndm_family = AF_UNSPEC };
	struct netlink_question question;
	unsigned int i;
	int err, open = 0;

	netlink_begin(&question, RTM_GETNEIGH, &header, sizeof(header));
	err = netlink_list(NETLINK_ROUTE, &question, look_at, group);
	for (i = 0; i < group->count; i++)
		open += !group->first[i].known && !group->first[i].failed;
	return err ? err : open;
}

/* Have the kernel ask for it, as if it had a packet to send there. */
static int ask(const struct netif *dev, const struct neighbour *one)
{
	const struct ndmsg header = {
		.ndm_family = (unsigned char)one->addr.family,
		.ndm_ifindex = dev->index,
		.ndm_flags = NTF_USE,
	};
	struct netlink_question question;
	int err;

	netlink_begin(&question, RTM_NEWNEIGH, &header, sizeof(header));
	question.hdr.nlmsg_flags |= NLM_F_CREATE | NLM_F_REPLACE;
	netlink_put(&question, NDA_DST, &one->addr.v6, addr_size(&one->addr));
	err = netlink_tell(NETLINK_ROUTE, &question);
	/* A full table: this one is not found, the others are. */
	return err == -ENOBUFS ? 0 : err;
}

static int resolve_group(struct group *group, double seconds)
{
	double end = monotonic_now() + seconds;
	unsigned int i;
	int open, err;

	open = look(group);
	for (i = 0; open >= 0 && i < group->count; i++) {
		if (group->first[i].known)
			continue;
		group->first[i].failed = false;
		err = ask(group->dev, &group->first[i]);
		open = err ? err : 1;
	}
	while (open > 0) {
		if (signals_wait(LOOK_SECONDS))
			return -EINTR;
		open = look(group);
		if (monotonic_now() > end)
			break;
	}
	for (i = 0; i < group->count; i++)
		group->first[i].failed = !group->first[i].known;
	return open < 0 ? open : 0;
}

int neighbour_resolve(const struct netif *dev, struct neighbour *neighbours, unsigned int count,
		      double seconds)
{
	struct group group = { .dev = dev };
	unsigned int done;
	int err = 0;

	for (done = 0; !err && done < count; done += group.count) {
		group.first = neighbours + done;
		group.count = count - done < GROUP ? count - done : GROUP;
		err = resolve_group(&group, seconds);
	}
	return err;
}
