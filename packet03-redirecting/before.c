// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Options that fit the program, interfaces that send, and the settings. */
#include <errno.h>
#include <string.h>

#include "before.h"
#include "log.h"
#include "net/peer.h"
#include "rodata.h"
#include "xdp_redirect.h"

#define ECHO "xdp_icmp_echo_func"
#define TO_ONE "xdp_redirect_func"
#define ROUTER "xdp_router_func"

/* Will the program run in the driver? As attach_begin() decides it. */
static bool runs_native(const struct redirect_opts *opts)
{
	struct attach_list there = { .count = 0 };

	if (opts->attach.mode != XDP_MODE_UNSPEC)
		return opts->attach.mode != XDP_MODE_SKB;
	if (opts->attach.force || attach_query(&opts->dev, &there) || !there.count)
		return true;
	return there.entry[0].mode != XDP_MODE_SKB;
}

/* What a peer_check_*() has found out: refused, or with a warning, or fine. */
static int judge(int found, const char *verb, const struct netif *dev, const char *reason)
{
	if (found < 0)
		pr_warn("cannot tell if '%s' will send: %s", dev->name, reason);
	if (found <= 0)
		return 0;
	pr_err("cannot %s '%s': %s", verb, dev->name, reason);
	return -EOPNOTSUPP;
}

/* What peers leave unfinished stays so in a packet that goes elsewhere. */
static void warn_checksums(const struct netif *dev)
{
	char reason[PEER_REASON_MAX];

	if (peer_check_checksums(dev, reason, sizeof(reason)) > 0)
		pr_warn("what '%s' receives may be dropped where it arrives: %s", dev->name,
			reason);
}

void before_warn_same(const struct netif *dev, const struct netif *target)
{
	if (dev->index == target->index)
		pr_warn("'%s' is also where the packets come in: they go back", dev->name);
}

int before_redirect(const struct netif *dev, const struct netif *target, bool native)
{
	char reason[PEER_REASON_MAX];
	int err;

	if (!native && !netif_is_up(target))
		return judge(1, "redirect to", target, "it is down (ip link set it up)");
	if (!native)
		return 0;
	err = judge(peer_check_redirect(target, reason, sizeof(reason)), "redirect to", target,
		    reason);
	if (!err)
		warn_checksums(dev);
	return err;
}

/* Options that mean nothing for the program, or that it lacks. */
static int check_options(const char *prog, const struct redirect_opts *opts)
{
	bool target = opts->target.index, mac = mac_is_set(&opts->mac);
	bool to_one = !strcmp(prog, TO_ONE);

	if (to_one && !(target && mac))
		pr_err("missing --%s: '%s' sends to one receiver (-r IFNAME -R MAC)",
		       target ? "dest-mac" : "redirect-dev", prog);
	else if (!to_one && (target || mac))
		pr_err("cannot use --%s with '%s': only '%s' has that setting%s",
		       target ? "redirect-dev" : "dest-mac", prog, TO_ONE,
		       strcmp(prog, ECHO) ? " (see add)" : "");
	else if (opts->direct && strcmp(prog, ROUTER))
		pr_err("cannot use --direct with '%s': only '%s' looks up routes", prog, ROUTER);
	else if (mac && mac_is_group(&opts->mac))
		pr_err("bad value for --dest-mac: it is the address of a group");
	else
		return 0;
	return -EINVAL;
}

static int set_target(struct bpf_object *obj, const struct redirect_opts *opts)
{
	__u32 ifindex = (__u32)opts->target.index;
	int err = rodata_set(obj, "redirect_ifindex", &ifindex, sizeof(ifindex));

	return err ? err : rodata_set(obj, "redirect_mac", &opts->mac, sizeof(struct mac_addr));
}

/* Will what the program sends arrive? */
static int check_peers(const char *prog, const struct redirect_opts *opts)
{
	bool native = runs_native(opts);
	char reason[PEER_REASON_MAX];

	if (!strcmp(prog, TO_ONE)) {
		before_warn_same(&opts->dev, &opts->target);
		return before_redirect(&opts->dev, &opts->target, native);
	}
	if (native && !strcmp(prog, ECHO))
		return judge(peer_check_tx(&opts->dev, reason, sizeof(reason)), "answer through",
			     &opts->dev, reason);
	/* Where the others send to is known when ports are added. */
	if (native && !strcmp(prog, ROUTER))
		warn_checksums(&opts->dev);
	return 0;
}

int before_load(struct attach *at, const struct redirect_opts *opts)
{
	const char *prog = xdp_program__name(at->prog);
	const __u32 flags = BPF_FIB_LOOKUP_DIRECT;
	int err;

	err = check_options(prog, opts);
	if (!err)
		err = check_peers(prog, opts);
	if (!err && opts->target.index)
		err = set_target(at->obj, opts);
	if (!err && opts->direct)
		err = rodata_set(at->obj, "router_flags", &flags, sizeof(flags));
	return err;
}
