// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The devmap tx_port: read, changed, and filled for the router. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "log.h"
#include "maps.h"
#include "net/peer.h"
#include "ports.h"

int ports_set(int fd, unsigned int key, int ifindex)
{
	return bpf_map_update_elem(fd, &key, &ifindex, BPF_ANY) ? -errno : 0;
}

int ports_clear(int fd, unsigned int key)
{
	return bpf_map_delete_elem(fd, &key) ? -errno : 0;
}

int ports_get(int fd, unsigned int key)
{
	int ifindex = 0;

	return bpf_map_lookup_elem(fd, &key, &ifindex) ? 0 : ifindex;
}

/* Does it take what the router sends? If not, or if unknown: the stack's. */
static bool takes(const struct netif *dev, bool native)
{
	char reason[PEER_REASON_MAX] = "it is down";
	bool fine;

	if (native)
		fine = !peer_check_redirect(dev, reason, sizeof(reason));
	else
		fine = netif_is_up(dev) == 1;
	if (!fine)
		pr_debug("not through '%s': %s", dev->name, reason);
	return fine;
}

/* Returns how many were left out, or -errno. */
static int fill(int fd, const struct if_nameindex *all, bool native)
{
	struct netif dev;
	int err, left = 0;

	for (; all->if_index; all++) {
		if (netif_find(all->if_name, &dev) || !strcmp(dev.name, "lo"))
			continue;
		if (!takes(&dev, native)) {
			left++;
			continue;
		}
		err = ports_set(fd, (unsigned int)dev.index, dev.index);
		if (err)
			return err;
	}
	return left;
}

int ports_fill(const struct attach *at)
{
	struct if_nameindex *all;
	int fd, left;

	if (strcmp(xdp_program__name(at->prog), "xdp_router_func"))
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
