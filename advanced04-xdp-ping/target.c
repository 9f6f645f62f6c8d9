// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The targets: addresses, names and prefixes from the command line; and how packets get
 * to them: interface and source address by the routes, and the MAC addresses of the next
 * hops.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "net/neighbour.h"
#include "net/route.h"
#include "ping.h"
#include "signals.h"
#include "sweep.h"

#define RESOLVE_SECONDS 3.5 /* the kernel asks three times, a second apart */

static int add_target(struct ping *ping, const struct netif_addr *addr, const char *name)
{
	char text[ADDR_TEXT];
	struct target *target;
	unsigned int i;

	addr_to_str(addr, text);
	if (ping->family && addr->family != ping->family) {
		pr_err("cannot ping IPv4 and IPv6 at once: '%s'", text);
		return -EINVAL;
	}
	if (ping->count == PING_TARGETS_MAX) {
		pr_err("cannot ping more than %d addresses at once", PING_TARGETS_MAX);
		return -EINVAL;
	}
	for (i = 0; i < ping->count; i++)
		if (!strcmp(ping->targets[i].text, text)) {
			pr_err("bad address '%s': it is there twice", text);
			return -EINVAL;
		}
	ping->family = addr->family;
	target = &ping->targets[ping->count++];
	target->ends.dst = *addr;
	target->name = name;
	strcpy(target->text, text);
	return 0;
}

/* Text that looks like an address is not looked up, which takes seconds. */
static bool is_name(const char *text)
{
	return !strchr(text, ':') && strspn(text, "0123456789.") != strlen(text);
}

/* In @family, that of the targets before it, or in any (AF_UNSPEC). */
static int look_up_name(const char *name, int family, struct netif_addr *addr)
{
	struct addrinfo *found, hints = { .ai_family = family, .ai_socktype = SOCK_RAW };
	const struct sockaddr_in6 *six;
	const struct sockaddr_in *four;
	int err = getaddrinfo(name, NULL, &hints, &found);

	if (err) {
		pr_err("bad address '%s': %s", name, gai_strerror(err));
		return -EINVAL;
	}
	six = (const void *)found->ai_addr;
	four = (const void *)found->ai_addr;
	addr->family = found->ai_family;
	if (found->ai_family == AF_INET6)
		addr->v6 = six->sin6_addr;
	else
		addr->v4 = four->sin_addr;
	freeaddrinfo(found);
	return 0;
}

/* fe80::1%eth0: the interface to ping through. Cuts @scope off. */
static int set_scope(struct ping *ping, const char *name, char *scope)
{
	struct netif dev;

	*scope++ = '\0';
	if (netif_find(scope, &dev)) {
		pr_err("bad address '%s%%%s': there is no interface '%s'", name, scope, scope);
		return -EINVAL;
	}
	if (ping->dev.index && ping->dev.index != dev.index) {
		pr_err("bad address '%s%%%s': not through '%s'", name, scope, ping->dev.name);
		return -EINVAL;
	}
	ping->dev = dev;
	return 0;
}

static int add_name(struct ping *ping, const char *name)
{
	char *text = strdup(name), *scope;
	struct netif_addr addr = { 0 };
	int err = 0;

	if (!text)
		return -ENOMEM;
	scope = strchr(text, '%');
	if (scope)
		err = set_scope(ping, text, scope);
	if (!err && netif_parse_addr(text, &addr)) {
		err = -EINVAL;
		if (is_name(text))
			err = look_up_name(text, ping->family, &addr);
		else
			pr_err("bad address '%s': neither IPv4 nor IPv6", name);
	}
	free(text);
	return err ? err : add_target(ping, &addr, name);
}

static int add_sweep(struct ping *ping, const char *prefix)
{
	struct netif_addr addr;
	struct sweep sweep;
	int err = sweep_begin(&sweep, prefix);

	while (!err && sweep_next(&sweep, &addr))
		err = add_target(ping, &addr, NULL);
	return err;
}

/* How packets get to them. */

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

static int refuse_own(const struct target *target)
{
	pr_err("bad address '%s': it is one of this machine, no packet leaves for it",
	       target->text);
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
	if (route.local)
		return refuse_own(target);
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
	unsigned int i, own = 0;

	for (i = 0; !err && i < ping->count; i++) {
		target = &ping->targets[i];
		target->ends.src = ping->opts->src;
		target->next_hop = target->ends.dst;
		target->direct = true;
		local = all_given(ping) ? 0 : find_route(ping, target);
		err = local < 0 ? local : 0;
		target->active = !local;
		target->local = local > 0;
		own += target->local;
	}
	/* A sweep of nothing else. */
	if (!err && own == ping->count)
		return refuse_own(&ping->targets[0]);
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

/* Interface and source address, and the MAC address behind which each target is. */
static int find_next_hops(struct ping *ping)
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

int targets_find(struct ping *ping, char **names, int count)
{
	const struct option_strings *sweeps = &ping->opts->sweeps;
	int err = 0, i;

	ping->dev = ping->opts->dev;
	ping->targets = calloc(PING_TARGETS_MAX, sizeof(*ping->targets));
	ping->active = calloc(PING_TARGETS_MAX, sizeof(*ping->active));
	if (!ping->targets || !ping->active) {
		pr_err("cannot get memory for the targets");
		return -ENOMEM;
	}
	for (i = 0; !err && i < count; i++)
		err = add_name(ping, names[i]);
	for (i = 0; !err && i < sweeps->count; i++)
		err = add_sweep(ping, sweeps->at[i]);
	if (!err && !ping->count) {
		pr_err("missing DEST: the address to ping");
		err = -EINVAL;
	}
	return err ? err : find_next_hops(ping);
}

void targets_free(struct ping *ping)
{
	free(ping->targets);
	free(ping->active);
	free(ping->data);
}
