// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Options that do not go together. */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "frame.h"
#include "link.h"
#include "log.h"

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
	unsigned int min = frame_head(opts), max = mtu + ETH_HLEN;

	if (!opts->size)
		opts->size = min > GEN_SIZE ? min : GEN_SIZE;
	if (opts->size >= min && opts->size <= max)
		return 0;
	pr_err("cannot send frames of %u bytes: the headers take %u, and '%s' sends up to %u",
	       opts->size, min, opts->dev.name, max);
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

int check_options(struct gen_opts *opts)
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
