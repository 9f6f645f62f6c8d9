// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* add and del: for which program, and for xdp_router_func: its ports. */
#include <errno.h>
#include <string.h>

#include "before.h"
#include "edit_parts.h"
#include "log.h"
#include "ports.h"

int edit_missing(const char *option, const struct edit_running *running)
{
	pr_err("missing --%s: '%s' needs it", option, running->prog.name);
	return -EINVAL;
}

static int useless(const char *option, const struct edit_running *running)
{
	pr_err("cannot use --%s with '%s': it means nothing there", option, running->prog.name);
	return -EINVAL;
}

int edit_refused(const char *verb, const char *what, const char *map, const char *reason)
{
	pr_err("cannot %s '%s' in '%s': %s", verb, what, map, reason);
	return -ENOEXEC;
}

static int add_port(const struct edit_running *running, const struct edit_opts *opts)
{
	int err;

	if (mac_is_set(&opts->from))
		return useless("src-mac", running);
	if (mac_is_set(&opts->to))
		return useless("dest-mac", running);
	err = before_redirect(&opts->dev, &opts->target, running->prog.mode != XDP_MODE_SKB);
	if (err)
		return err;
	err = ports_set(running->ports, (unsigned int)opts->target.index, opts->target.index);
	return err ? edit_refused("add", opts->target.name, "tx_port",
				  err == -E2BIG ? "the map is full" : strerror(-err)) :
		     0;
}

int edit_add(const struct edit_running *running, const struct edit_opts *opts)
{
	if (!opts->target.index)
		return edit_missing("redirect-dev", running);
	return running->hosts >= 0 ? edit_add_host(running, opts) : add_port(running, opts);
}

static int delete_port(const struct edit_running *running, const struct edit_opts *opts)
{
	int err;

	if (mac_is_set(&opts->from))
		return useless("src-mac", running);
	if (!opts->target.index)
		return edit_missing("redirect-dev", running);
	err = ports_clear(running->ports, (unsigned int)opts->target.index);
	return err ? edit_refused("delete", opts->target.name, "tx_port",
				  err == -ENOENT ? "there is no such port (see list)" :
						   strerror(-err)) :
		     0;
}

int edit_delete(const struct edit_running *running, const struct edit_opts *opts)
{
	if (running->hosts < 0)
		return delete_port(running, opts);
	if (opts->target.index)
		return useless("redirect-dev", running);
	return edit_delete_host(running, opts);
}
