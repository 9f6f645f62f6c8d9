// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The tables of neighbours and of addresses, over rtnetlink. */
#include <string.h>

#include <linux/if_addr.h>
#include <linux/neighbour.h>

#include "neighbour.h"
#include "netlink.h"

/* Not those that are being looked for or were not found. */
#define KNOWN (NUD_PERMANENT | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)
#define BITS_PER_BYTE 8

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
	err = netlink_list(NETLINK_ROUTE, &question, element, search);
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

int neighbour_own(const struct netif *dev, const struct netif_addr *dst, struct netif_addr *own)
{
	struct search search = { .dev = dev, .family = dst->family, .want = dst };
	int found = look(&search, RTM_GETADDR, look_at_address);

	if (found > 0)
		*own = search.addr;
	return found;
}
