// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* How packets get there. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "net/neighbour.h"
#include "signals.h"
#include "way.h"

#define RESOLVE_SECONDS 3.5 /* the kernel asks three times, a second apart */

static bool is_given(const struct netif_mac *mac)
{
	static const struct netif_mac none;

	return memcmp(mac, &none, sizeof(none)) != 0;
}

/* Everything was given: there is nothing to ask for. */
static bool is_settled(const struct ping *ping)
{
	const struct ping_opts *opts = ping->opts;

	return ping->dev.index && opts->src.family && is_given(&opts->dst_mac);
}

/* Returns 0, 1 for an address of a sweep that is our own, or -errno. */
static int take_route(struct ping *ping, struct target *target)
{
	struct netif_addr *src = &target->ends.src;
	struct route route;
	int err;

	err = route_find(&target->ends.dst, &ping->dev, &route);
	if (err)
		return err;
	if (route.local && !target->name)
		return 1;
	if (route.local) {
		pr_err("bad address '%s': it is one of this machine, no packet leaves for it",
		       target->text);
		return -EINVAL;
	}
	if (ping->dev.index && ping->dev.index != route.dev.index) {
		pr_err("cannot ping through '%s' and '%s' at once: the way to '%s' is another",
		       ping->dev.name, route.dev.name, target->text);
		return -EINVAL;
	}
	ping->dev = route.dev;
	target->next = route.next_hop;
	target->direct = route.direct;
	if (!src->family)
		*src = route.src;
	if (src->family)
		return 0;
	pr_err("no source address: '%s' has no %s address (give --src-ip)", ping->dev.name,
	       ping->family == AF_INET6 ? "IPv6" : "IPv4");
	return -ENETUNREACH;
}

static int check_source(const struct ping *ping)
{
	const struct netif_addr *src = &ping->opts->src;

	if (!src->family || src->family == ping->family)
		return 0;
	pr_err("bad value for --src-ip: not of the family of '%s'", ping->targets[0].text);
	return -EINVAL;
}

/* Interface, source and next hop of each target. */
static int find_routes(struct ping *ping)
{
	int err = check_source(ping), own;
	struct target *target;
	unsigned int i;

	for (i = 0; !err && i < ping->count; i++) {
		target = &ping->targets[i];
		target->ends.src = ping->opts->src;
		target->next = target->ends.dst;
		target->direct = true;
		own = is_settled(ping) ? 0 : take_route(ping, target);
		err = own < 0 ? own : 0;
		target->asked = !own;
		target->own = own > 0;
	}
	return err;
}

static int take_own_mac(struct ping *ping)
{
	struct netif_mac mac = ping->opts->src_mac;
	unsigned int i;
	int err = 0;

	if (!is_given(&mac))
		err = netif_mac(&ping->dev, &mac);
	if (!err && !is_given(&mac))
		err = -EOPNOTSUPP;
	for (i = 0; i < ping->count; i++)
		ping->targets[i].ends.src_mac = mac;
	if (!err)
		return 0;
	pr_err("no source: '%s' has no MAC address (give --src-mac)", ping->dev.name);
	return -ENETUNREACH;
}

/* The next hops, each once: one after another they are most often the same. */
static unsigned int list_hops(const struct ping *ping, struct neighbour *hops)
{
	const struct target *target;
	unsigned int i, n = 0;

	for (i = 0; i < ping->count; i++) {
		target = &ping->targets[i];
		if (!target->asked)
			continue;
		if (!n || memcmp(&hops[n - 1].addr, &target->next, sizeof(target->next)))
			hops[n++].addr = target->next;
	}
	return n;
}

static void take_hops(struct ping *ping, const struct neighbour *hops)
{
	struct target *target;
	unsigned int i, n = 0;

	for (i = 0; i < ping->count; i++) {
		target = &ping->targets[i];
		if (!target->asked)
			continue;
		if (memcmp(&hops[n].addr, &target->next, sizeof(target->next)))
			n++;
		target->asked = hops[n].known;
		target->ends.dst_mac = hops[n].mac;
	}
}

static int resolve(struct ping *ping)
{
	struct neighbour *hops = calloc(ping->count, sizeof(*hops));
	int err = -ENOMEM;
	sigset_t old;

	if (hops) {
		signals_hold(&old);
		err = neighbour_resolve(&ping->dev, hops, list_hops(ping, hops), RESOLVE_SECONDS);
		signals_restore(&old);
		if (!err)
			take_hops(ping, hops);
	}
	if (err && err != -EINTR)
		pr_err("cannot find the neighbours of '%s': %s", ping->dev.name, strerror(-err));
	free(hops);
	return err;
}

static void use_given_mac(struct ping *ping)
{
	unsigned int i;

	for (i = 0; i < ping->count; i++) {
		ping->targets[i].ends.dst_mac = ping->opts->dst_mac;
		/* Who was asked as a group answers for itself. */
		if (ping->opts->dst_mac.addr[0] & 1)
			ping->targets[i].direct = false;
	}
}

static int choose_asked(struct ping *ping)
{
	const struct target *first = &ping->targets[0];
	char next[ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < ping->count; i++)
		if (ping->targets[i].asked)
			ping->asked[ping->n_asked++] = &ping->targets[i];
	if (ping->n_asked)
		return 0;
	if (ping->count > 1)
		pr_err("cannot reach any of %u addresses: nobody on '%s' answers to %s",
		       ping->count, ping->dev.name,
		       ping->family == AF_INET6 ? "neighbour discovery" : "ARP");
	else
		pr_err("cannot reach '%s': nobody on '%s' says that it is '%s'", first->text,
		       ping->dev.name, addr_to_str(&first->next, next));
	return -EHOSTUNREACH;
}

static int check_up(const struct ping *ping)
{
	if (netif_is_up(&ping->dev) == 1)
		return 0;
	pr_err("cannot ping through '%s': it is down (ip link set %s up)", ping->dev.name,
	       ping->dev.name);
	return -ENETUNREACH;
}

int way_find(struct ping *ping)
{
	int err = find_routes(ping);

	if (!err)
		err = check_up(ping);
	if (!err)
		err = attach_check_privileges("attach to", &ping->dev);
	if (!err)
		err = take_own_mac(ping);
	if (!err && is_given(&ping->opts->dst_mac))
		use_given_mac(ping);
	else if (!err)
		err = resolve(ping);
	return err ? err : choose_asked(ping);
}
