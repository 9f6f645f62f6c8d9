// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The kernel's tables of neighbours and of addresses, read over rtnetlink: one
 * entry is found in them, or the kernel is made to complete them.
 */
#include <errno.h>
#include <string.h>

#include <linux/if_addr.h>
#include <linux/neighbour.h>

#include "clock.h"
#include "net/neighbour.h"
#include "net/netlink.h"
#include "signals.h"

/* The MAC address is there and can be used. */
#define KNOWN (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)
#define BITS_PER_BYTE 8
#define BATCH 256 /* neighbours: by default the kernel's table has room for 1024 */
#define POLL_SECONDS 0.005

static size_t addr_size(int family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

static bool same_addr(const struct netif_addr *a, const struct netif_addr *b)
{
	return a->family == b->family && !memcmp(&a->v6, &b->v6, addr_size(a->family));
}

/* Have @element called for each entry: of neighbours (RTM_GETNEIGH) or addresses. */
static int dump_table(__u16 type, int family, netlink_element *element, void *context)
{
	/* In both headers the family comes first, and the rest may be 0. */
	const struct ndmsg header = { .ndm_family = (unsigned char)family };
	size_t len = type == RTM_GETADDR ? sizeof(struct ifaddrmsg) : sizeof(header);
	struct netlink_question question;

	netlink_begin(&question, type, &header, len);
	return nl_dump(NETLINK_ROUTE, &question, element, context);
}

/* Store what an entry says about a neighbour of @dev; false: it is of another interface. */
static bool read_neighbour(const struct netlink_answer *entry, const struct netif *dev,
			   struct neighbour *neighbour)
{
	const struct ndmsg *header = (const void *)entry->body;
	const struct rtattr *table[NDA_MAX + 1], *dst, *mac;

	netlink_parse(entry, sizeof(*header), table, NDA_MAX);
	dst = table[NDA_DST];
	mac = table[NDA_LLADDR];
	*neighbour = (struct neighbour){ .addr.family = header->ndm_family };
	if (header->ndm_ifindex != dev->index || !dst ||
	    RTA_PAYLOAD(dst) != addr_size(header->ndm_family))
		return false;
	memcpy(&neighbour->addr.v6, RTA_DATA(dst), RTA_PAYLOAD(dst));
	neighbour->failed = header->ndm_state & NUD_FAILED;
	neighbour->known = header->ndm_state & KNOWN && mac &&
			   RTA_PAYLOAD(mac) == sizeof(neighbour->mac);
	if (neighbour->known)
		memcpy(&neighbour->mac, RTA_DATA(mac), sizeof(neighbour->mac));
	return true;
}

/* Of all entries the one with the highest score is kept. */
struct search {
	const struct netif *dev;
	const struct netif_addr *want; /* NULL: any of the family */
	int family, score; /* 0: none so far */
	struct netif_addr addr;
	struct netif_mac mac;
};

static void score_neighbour(const struct netlink_answer *entry, void *context)
{
	const struct ndmsg *header = (const void *)entry->body;
	int score = header->ndm_state & NUD_PERMANENT ? 2 : 1;
	struct search *search = context;
	struct neighbour found;

	if (!read_neighbour(entry, search->dev, &found) || !found.known ||
	    found.addr.family != search->family || score <= search->score)
		return;
	/* The kernel's table has groups too, which no peer sends from. */
	if (search->want ? !same_addr(&found.addr, search->want) : mac_is_group(&found.mac))
		return;
	search->score = score;
	search->addr = found.addr;
	search->mac = found.mac;
}

int neighbour_find(const struct netif *dev, bool any, struct netif_addr *addr,
		   struct netif_mac *mac)
{
	struct search search = { .dev = dev, .family = addr->family, .want = any ? NULL : addr };
	int err = dump_table(RTM_GETNEIGH, addr->family, score_neighbour, &search);

	if (err || !search.score)
		return err;
	*addr = search.addr;
	*mac = search.mac;
	return 1;
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

static void score_local_addr(const struct netlink_answer *entry, void *context)
{
	const struct ifaddrmsg *header = (const void *)entry->body;
	const struct rtattr *table[IFA_MAX + 1], *own;
	struct search *search = context;
	int score;

	netlink_parse(entry, sizeof(*header), table, IFA_MAX);
	/* They differ on a point-to-point link, where IFA_ADDRESS is the peer's. */
	own = table[IFA_LOCAL] ? table[IFA_LOCAL] : table[IFA_ADDRESS];
	if (!own || header->ifa_family != search->family ||
	    (int)header->ifa_index != search->dev->index)
		return;
	score = 1 + common_bits(RTA_DATA(own), &search->want->v6, search->family);
	if (score <= search->score)
		return;
	search->score = score;
	search->addr.family = search->family;
	memcpy(&search->addr.v6, RTA_DATA(own), addr_size(search->family));
}

int local_addr_find(const struct netif *dev, const struct netif_addr *dst, struct netif_addr *own)
{
	struct search search = { .dev = dev, .family = dst->family, .want = dst };
	int err = dump_table(RTM_GETADDR, dst->family, score_local_addr, &search);

	if (err || !search.score)
		return err;
	*own = search.addr;
	return 1;
}

/* Neighbours whose MAC addresses the kernel is to find at the same time. */
struct batch {
	const struct netif *dev;
	struct neighbour *first;
	unsigned int count;
};

static void update_batch(const struct netlink_answer *entry, void *context)
{
	struct batch *batch = context;
	struct neighbour *one, now;

	if (!read_neighbour(entry, batch->dev, &now))
		return;
	/* It may be there more than once. */
	for (one = batch->first; one < batch->first + batch->count; one++) {
		if (!same_addr(&one->addr, &now.addr))
			continue;
		one->failed = now.failed;
		if (!now.known)
			continue;
		one->known = true;
		one->mac = now.mac;
	}
}

/* Read the table. Returns how many are neither known nor failed, or -errno. */
static int count_unresolved(struct batch *batch)
{
	unsigned int i;
	/* Both families: an IPv4 route may lead to an IPv6 address. */
	int err = dump_table(RTM_GETNEIGH, AF_UNSPEC, update_batch, batch), n = 0;

	for (i = 0; i < batch->count; i++)
		n += !batch->first[i].known && !batch->first[i].failed;
	return err ? err : n;
}

/* Make the kernel send ARP or neighbour discovery, as if it had a packet to send there. */
static int start_resolving(const struct netif *dev, const struct neighbour *one)
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

static int resolve_batch(struct batch *batch, double seconds)
{
	double end = monotonic_now() + seconds;
	unsigned int i;
	int left, err;

	left = count_unresolved(batch);
	for (i = 0; left >= 0 && i < batch->count; i++) {
		if (batch->first[i].known)
			continue;
		batch->first[i].failed = false;
		err = start_resolving(batch->dev, &batch->first[i]);
		left = err ? err : 1;
	}
	while (left > 0) {
		if (signals_wait(POLL_SECONDS))
			return -EINTR;
		left = count_unresolved(batch);
		if (monotonic_now() > end)
			break;
	}
	for (i = 0; i < batch->count; i++)
		batch->first[i].failed = !batch->first[i].known;
	return left < 0 ? left : 0;
}

int neighbour_resolve(const struct netif *dev, struct neighbour *neighbours, unsigned int count,
		      double seconds)
{
	struct batch batch = { .dev = dev };
	unsigned int done;
	int err = 0;

	for (done = 0; !err && done < count; done += batch.count) {
		batch.first = neighbours + done;
		batch.count = count - done < BATCH ? count - done : BATCH;
		err = resolve_batch(&batch, seconds);
	}
	return err;
}
