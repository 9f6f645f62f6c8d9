// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Will what a program redirects be sent? Interfaces that send, interfaces that
 * lose packets without a word (common/net/peer.h knows which), and tx_port
 * filled with those that send.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>

#include "log.h"
#include "maps.h"
#include "net/peer.h"
#include "redirect.h"

/* As peer_check_redirect(). In generic mode a target needs only to be up. */
static int check_redirect(const struct netif *target, bool native, char *reason, size_t size)
{
	int up;

	if (native)
		return peer_check_redirect(target, reason, size);
	up = netif_is_up(target);
	snprintf(reason, size,
		 up < 0 ? "whether it is up is not known" : "it is down (ip link set it up)");
	return up < 0 ? up : !up;
}

/* What a peer_check_*() has found: 0, or after a warning, or an error line. */
static int report_check(int found, const char *verb, const struct netif *dev, const char *reason)
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

int setup_check(const char *prog, const struct netif *dev, const struct netif *target, bool native)
{
	bool router = !strcmp(prog, PROG_ROUTER);
	char reason[PEER_REASON_MAX];
	int err = 0;

	if (native && !strcmp(prog, PROG_ECHO))
		return report_check(peer_check_tx(dev, reason, sizeof(reason)), "answer through",
				    dev, reason);
	/* To send packets back is most often a mistake, but not for a router. */
	if (target->index && target->index == dev->index && !router)
		pr_warn("'%s' is also where the packets come in: they go back", dev->name);
	if (target->index)
		err = report_check(check_redirect(target, native, reason, sizeof(reason)),
				   "redirect to", target, reason);
	if (!err && native && (target->index || router))
		warn_checksums(dev);
	return err;
}

/* Returns how many interfaces were left out, or -errno. */
static int fill(int tx_port, const struct if_nameindex *all, bool native)
{
	char reason[PEER_REASON_MAX];
	struct netif dev;
	int err, left = 0;
	__u32 key;

	for (; all->if_index; all++) {
		if (netif_find(all->if_name, &dev) || !strcmp(dev.name, "lo"))
			continue;
		/* What does not send, or may not, is left to the stack. */
		if (check_redirect(&dev, native, reason, sizeof(reason))) {
			pr_debug("not through '%s': %s", dev.name, reason);
			left++;
			continue;
		}
		key = (__u32)dev.index;
		err = bpf_map_update_elem(tx_port, &key, &dev.index, BPF_ANY);
		if (err)
			return err;
	}
	return left;
}

int setup_fill_ports(const struct attach *at)
{
	struct if_nameindex *all;
	int fd, left;

	if (strcmp(xdp_program__name(at->prog), PROG_ROUTER))
		return 0;
	fd = maps_find(at->obj, "tx_port");
	if (fd < 0)
		return -ENOEXEC;
	all = if_nameindex();
	left = all ? fill(fd, all, at->mode == XDP_MODE_NATIVE) : -errno;
	if_freenameindex(all);
	if (left < 0)
		pr_err("cannot fill 'tx_port': %s", strerror(-left));
	else if (left)
		pr_info("%d interface%s left to the stack (-v says why, add takes one in later)",
			left, left == 1 ? " is" : "s are");
	return left < 0 ? -ENOEXEC : 0;
}
