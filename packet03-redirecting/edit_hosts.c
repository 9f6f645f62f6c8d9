// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* add and del for xdp_redirect_map_func: hosts, and the port they share. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>

#include "before.h"
#include "edit_parts.h"
#include "log.h"
#include "ports.h"
#include "xdp_redirect.h"

/* All hosts share one port: it changes for all of them, or for none. */
static int set_port(const struct edit_running *running, const struct edit_opts *opts)
{
	int now = ports_get(running->ports, PORT_OF_MAP), err;
	char name[IF_NAMESIZE] = "";

	if (now && now != opts->target.index && !opts->force) {
		if (!if_indextoname((unsigned int)now, name))
			snprintf(name, sizeof(name), "%d", now);
		pr_err("cannot redirect to '%s': the hosts of '%s' use '%s', and there "
		       "is one port for all (--force moves them all)",
		       opts->target.name, opts->dev.name, name);
		return -EBUSY;
	}
	err = ports_set(running->ports, PORT_OF_MAP, opts->target.index);
	return err ? edit_refused("set", opts->target.name, "tx_port", strerror(-err)) : 0;
}

/* Is no host left? Then the port goes, so that the next one may be another. */
static void clear_unused_port(const struct edit_running *running)
{
	struct mac_addr any;

	if (bpf_map_get_next_key(running->hosts, NULL, &any))
		ports_clear(running->ports, PORT_OF_MAP);
}

int edit_add_host(const struct edit_running *running, const struct edit_opts *opts)
{
	char text[MAC_TEXT];
	int err;

	if (!mac_is_set(&opts->from))
		return edit_missing("src-mac", running);
	if (!mac_is_set(&opts->to))
		return edit_missing("dest-mac", running);
	if (mac_is_group(&opts->from) || mac_is_group(&opts->to)) {
		pr_err("cannot use the MAC address of a group: hosts have others");
		return -EINVAL;
	}
	before_warn_same(&opts->dev, &opts->target);
	err = before_redirect(&opts->dev, &opts->target, running->prog.mode != XDP_MODE_SKB);
	if (!err)
		err = set_port(running, opts);
	if (err)
		return err;
	if (!bpf_map_update_elem(running->hosts, &opts->from, &opts->to, BPF_ANY))
		return 0;
	err = errno;
	clear_unused_port(running);
	return edit_refused("add", mac_to_str(opts->from.addr, text), "redirect_params",
			    err == E2BIG ? "the map is full" : strerror(err));
}

int edit_delete_host(const struct edit_running *running, const struct edit_opts *opts)
{
	char text[MAC_TEXT];
	int err;

	if (!mac_is_set(&opts->from))
		return edit_missing("src-mac", running);
	if (bpf_map_delete_elem(running->hosts, &opts->from)) {
		err = errno;
		return edit_refused("delete", mac_to_str(opts->from.addr, text), "redirect_params",
				    err == ENOENT ? "there is no such host (see list)" :
						    strerror(err));
	}
	clear_unused_port(running);
	return 0;
}
