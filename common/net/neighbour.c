// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The tables of neighbours and of addresses, over rtnetlink. */
#include <errno.h>
#include <string.h>

#include <linux/if_addr.h>
#include <linux/neighbour.h>

#include "net/neighbour.h"
#include "net/netlink.h"
#include "signals.h"
#include "stats.h"

/* The MAC address is there and can be used. */
#define KNOWN (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)
#define BITS_PER_BYTE 8
#define GROUP 256 /* the kernel's table has room for 1024, if nobody has said */
#define LOOK_SECONDS 0.005

/* Of the elements of a list the one with the best score is kept. */
struct search {
	const struct netif *dev;
	const struct netif_addr *want; /* NULL: any */
	int family, score; /* 0: none so far */
	struct netif_addr addr;
	struct netif_mac mac;
};

static size_t addr_size(int family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

static int common_bits(const void *a, const void *b, int family)
{
	int bit, bits = (int)addr_size(family) * BITS_PER_BYTE;
	const unsigned char *x = a, *y = b;

	for (bit = 0; bit < bits; bit++)
		if ((x[bit / BITS_PER_BYTE] ^ y[bit / BITS_PER_BYTE]) & 0x80 >> bit % BITS_PER_BYTE)
			break;
	return bit;
}

/* Whether it is better than what there was. */
static bool keep(struct search *search, int score, const struct rtattr *addr)
{
	if (score <= search->score)
		return false;
	search->score = score;
	search->addr.family = search->family;
	memcpy(&search->addr.v6, RTA_DATA(addr), addr_size(search->family));
	return true;
}

static void look_at_neighbour(const struct netlink_answer *element, void *context)
{
	const struct ndmsg *neigh = (const void *)element->body;
	const struct rtattr *table[NDA_MAX + 1], *mac;
	struct search *search = context;

	netlink_parse(element, sizeof(*neigh), table, NDA_MAX);
	mac = table[NDA_LLADDR];
	if (neigh->ndm_family != search->family || neigh->ndm_ifindex != search->dev->index ||
	    !(neigh->ndm_state & KNOWN) || !table[NDA_DST] || !mac ||
	    RTA_PAYLOAD(mac) != sizeof(search->mac))
		return;
	/* The kernel's table has groups too, which no packet of a peer comes from. */
	if (!search->want && *(const unsigned char *)RTA_DATA(mac) & 1)
		return;
	if (search->want &&
	    memcmp(&search->want->v6, RTA_DATA(table[NDA_DST]), addr_size(search->family)))
		return;
	if (keep(search, neigh->ndm_state & NUD_PERMANENT ? 2 : 1, table[NDA_DST]))
		memcpy(&search->mac, RTA_DATA(mac), sizeof(search->mac));
}

static void look_at_address(const struct netlink_answer *element, void *context)
{
	const struct ifaddrmsg *info = (const void *)element->body;
	const struct rtattr *table[IFA_MAX + 1], *own;
	struct search *search = context;

	netlink_parse(element, sizeof(*info), table, IFA_MAX);
	/* They differ where the interface has one other end only. */
	own = table[IFA_LOCAL] ? table[IFA_LOCAL] : table[IFA_ADDRESS];
	if (own && info->ifa_family == search->family && (int)info->ifa_index == search->dev->index)
		keep(search, 1 + common_bits(RTA_DATA(own), &search->want->v6, search->family),
		     own);
}

/* Returns 1 when something was found, 0, or -errno. */
static int look(struct search *search, __u16 type, netlink_element *element)
{
	/* All lists begin with a header whose first byte is the family. */
	const struct ifinfomsg header = { .ifi_family = (unsigned char)search->family };
	struct netlink_question question;
	int err;

	netlink_begin(&question, type, &header, sizeof(header));
	err = nl_dump(NETLINK_ROUTE, &question, element, search);
	return err ? err : search->score > 0;
}

int neighbour_find(const struct netif *dev, bool any, struct netif_addr *addr,
		   struct netif_mac *mac)
{
	struct search search = { .dev = dev, .family = addr->family, .want = any ? NULL : addr };
	int found = look(&search, RTM_GETNEIGH, look_at_neighbour);

	if (found <= 0)
		return found;
	*addr = search.addr;
	*mac = search.mac;
	return found;
}

int local_addr_find(const struct netif *dev, const struct netif_addr *dst, struct netif_addr *own)
{
	struct search search = { .dev = dev, .family = dst->family, .want = dst };
	int found = look(&search, RTM_GETADDR, look_at_address);

	if (found > 0)
		*own = search.addr;
	return found;
}

/* Neighbours that the kernel is to ask for: it does ARP, or neighbour discovery. */

struct group {
	const struct netif *dev;
	struct neighbour *first;
	unsigned int count;
};

static bool is_it(const struct neighbour *one, int family, const struct rtattr *dst)
{
	return one->addr.family == family && RTA_PAYLOAD(dst) == addr_size(one->addr.family) &&
	       !memcmp(RTA_DATA(dst), &one->addr.v6, RTA_PAYLOAD(dst));
}

/* What an element of the table says about it. */
static void learn_mac(struct neighbour *one, int state, const struct rtattr *mac)
{
	one->failed = state & NUD_FAILED;
	if (!(state & KNOWN) || !mac || RTA_PAYLOAD(mac) != sizeof(one->mac))
		return;
	memcpy(&one->mac, RTA_DATA(mac), sizeof(one->mac));
	one->known = true;
}

static void read_neighbour(const struct netlink_answer *element, void *context)
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
			learn_mac(one, neigh->ndm_state, table[NDA_LLADDR]);
}

/* Read the table. Returns how many are neither known nor failed, or -errno. */
static int read_table(struct group *group)
{
	/* Of both families: an IPv4 route may lead to an IPv6 address. */
	const struct ndmsg header = { .ndm_family = AF_UNSPEC };
	struct netlink_question question;
	unsigned int i;
	int err, open = 0;

	netlink_begin(&question, RTM_GETNEIGH, &header, sizeof(header));
	err = nl_dump(NETLINK_ROUTE, &question, read_neighbour, group);
	for (i = 0; i < group->count; i++)
		open += !group->first[i].known && !group->first[i].failed;
	return err ? err : open;
}

/* Have the kernel ask for it, as if it had a packet to send there. */
static int send_request(const struct netif *dev, const struct neighbour *one)
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
	netlink_put(&question, NDA_DST, &one->addr.v6, addr_size(one->addr.family));
	err = nl_set(NETLINK_ROUTE, &question);
	/* A full table: this one is not found, the others are. */
	return err == -ENOBUFS ? 0 : err;
}

static int resolve_group(struct group *group, double seconds)
{
	double end = monotonic_now() + seconds;
	unsigned int i;
	int open, err;

	open = read_table(group);
	for (i = 0; open >= 0 && i < group->count; i++) {
		if (group->first[i].known)
			continue;
		group->first[i].failed = false;
		err = send_request(group->dev, &group->first[i]);
		open = err ? err : 1;
	}
	while (open > 0) {
		if (signals_wait(LOOK_SECONDS))
			return -EINTR;
		open = read_table(group);
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
