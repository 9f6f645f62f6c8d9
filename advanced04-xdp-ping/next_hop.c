// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * How packets get to the targets: interface and source address by the routes,
 * and the MAC addresses of the next hops.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "net/neighbour.h"
#include "net/route.h"
#include "ping.h"
#include "signals.h"

#define RESOLVE_SECONDS 3.5 /* the kernel asks three times, a second apart */

/* With everything given there is nothing to look up. */
static bool all_given(const struct ping *ping)
{
	const struct ping_opts *opts = ping->opts;

	return ping->dev.index && opts->src.family && mac_is_set(&opts->dst_mac);
}

static int check_source(const struct ping *ping)
{
	const struct netif_addr *src = &ping->opts->src;

	if (!src->family || src->family == ping->family)
		return 0;
	pr_err("bad value for --src-ip: not of the family of '%s'", ping->targets[0].text);
	return -EINVAL;
}

/* Returns 0, 1 for an address of a sweep that is this machine's own, or -errno. */
static int find_route(struct ping *ping, struct target *target)
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
	target->next_hop = route.next_hop;
	target->direct = route.direct;
	if (!src->family)
		*src = route.src;
	if (src->family)
		return 0;
	pr_err("no source address: '%s' has no %s address (give --src-ip)", ping->dev.name,
	       ping->family == AF_INET6 ? "IPv6" : "IPv4");
	return -ENETUNREACH;
}

/* Interface, source address and next hop of each target. */
static int find_routes(struct ping *ping)
{
	int err = check_source(ping), local;
	struct target *target;
	unsigned int i;

	for (i = 0; !err && i < ping->count; i++) {
		target = &ping->targets[i];
		target->ends.src = ping->opts->src;
		target->next_hop = target->ends.dst;
		target->direct = true;
		local = all_given(ping) ? 0 : find_route(ping, target);
		err = local < 0 ? local : 0;
		target->active = !local;
		target->local = local > 0;
	}
	return err;
}

static int check_up(const struct ping *ping)
{
	if (netif_is_up(&ping->dev) == 1)
		return 0;
	pr_err("cannot ping through '%s': it is down (ip link set %s up)", ping->dev.name,
	       ping->dev.name);
	return -ENETUNREACH;
}

static int set_source_mac(struct ping *ping)
{
	struct netif_mac mac = ping->opts->src_mac;
	unsigned int i;
	int err = 0;

	if (!mac_is_set(&mac))
		err = netif_mac(&ping->dev, &mac);
	if (!err && !mac_is_set(&mac))
		err = -EOPNOTSUPP;
	for (i = 0; i < ping->count; i++)
		ping->targets[i].ends.src_mac = mac;
	if (!err)
		return 0;
	pr_err("no source: '%s' has no MAC address (give --src-mac)", ping->dev.name);
	return -ENETUNREACH;
}

static void set_given_mac(struct ping *ping)
{
	unsigned int i;

	for (i = 0; i < ping->count; i++) {
		ping->targets[i].ends.dst_mac = ping->opts->dst_mac;
		/* A member of a group answers from its own address. */
		if (mac_is_group(&ping->opts->dst_mac))
			ping->targets[i].direct = false;
	}
}

static bool is_next_hop(const struct neighbour *hop, const struct target *target)
{
	return !memcmp(&hop->addr, &target->next_hop, sizeof(hop->addr));
}

/* Each next hop once: targets that follow each other mostly have the same. */
static unsigned int list_hops(const struct ping *ping, struct neighbour *hops)
{
	const struct target *target;
	unsigned int i, n = 0;

	for (i = 0; i < ping->count; i++) {
		target = &ping->targets[i];
		if (target->active && (!n || !is_next_hop(&hops[n - 1], target)))
			hops[n++].addr = target->next_hop;
	}
	return n;
}

/* In the order of list_hops(). Targets behind an unknown next hop become inactive. */
static void set_dest_macs(struct ping *ping, const struct neighbour *hop)
{
	struct target *target;
	unsigned int i;

	for (i = 0; i < ping->count; i++) {
		target = &ping->targets[i];
		if (!target->active)
			continue;
		if (!is_next_hop(hop, target))
			hop++;
		target->active = hop->known;
		target->ends.dst_mac = hop->mac;
	}
}

static int resolve_hops(struct ping *ping)
{
	struct neighbour *hops = calloc(ping->count, sizeof(*hops));
	int err = -ENOMEM;
	sigset_t old;

	if (hops) {
		signals_hold(&old);
		err = neighbour_resolve(&ping->dev, hops, list_hops(ping, hops), RESOLVE_SECONDS);
		signals_restore(&old);
		if (!err)
			set_dest_macs(ping, hops);
	}
	if (err && err != -EINTR)
		pr_err("cannot find the neighbours of '%s': %s", ping->dev.name, strerror(-err));
	free(hops);
	return err;
}

static int list_active(struct ping *ping)
{
	const struct target *first = &ping->targets[0];
	char next[ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < ping->count; i++)
		if (ping->targets[i].active)
			ping->active[ping->n_active++] = &ping->targets[i];
	if (ping->n_active)
		return 0;
	if (ping->count > 1)
		pr_err("cannot reach any of %u addresses: nobody on '%s' answers to %s",
		       ping->count, ping->dev.name,
		       ping->family == AF_INET6 ? "neighbour discovery" : "ARP");
	else
		pr_err("cannot reach '%s': nobody on '%s' says that it is '%s'", first->text,
		       ping->dev.name, addr_to_str(&first->next_hop, next));
	return -EHOSTUNREACH;
}

int next_hops_find(struct ping *ping)
{
	int err = find_routes(ping);

	if (!err)
		err = check_up(ping);
	if (!err)
		err = attach_check_privileges("attach to", &ping->dev);
	if (!err)
		err = set_source_mac(ping);
	if (!err && mac_is_set(&ping->opts->dst_mac))
		set_given_mac(ping);
	else if (!err)
		err = resolve_hops(ping);
	return err ? err : list_active(ping);
}
