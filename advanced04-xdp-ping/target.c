// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The targets: addresses, names and prefixes from the command line. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "ping.h"
#include "sweep.h"

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
	if (err || ping->count)
		return err;
	pr_err("missing DEST: the address to ping");
	return -EINVAL;
}

void targets_free(struct ping *ping)
{
	free(ping->targets);
	free(ping->active);
	free(ping->data);
}
