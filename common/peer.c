// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What a veth's other end must be like for XDP to send through this one. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <linux/ethtool.h>

#include "peer.h"
#include "peer_link.h"

#define FEATURE_XMIT 4 /* NETDEV_XDP_ACT_NDO_XMIT of linux/netdev.h */
#define REMEDY_MAX (PATH_MAX + 64)

/* An interface, and its other end. */
struct ends {
	const struct netif *dev;
	struct peer_link own;
	struct peer_link peer; /* of a veth; else without a name */
	char path[PATH_MAX]; /* of its namespace; "": this one, or not found */
	bool inside; /* it can be looked at from inside */
};

/* A veth's peer, as far as it can be seen. */
static int find_peer(struct ends *ends)
{
	int err = peer_link_get(ends->own.peer, ends->own.peer_ns, &ends->peer);

	if (err)
		return err;
	ends->inside = ends->own.peer_ns == PEER_HERE ||
		       !peer_link_namespace(ends->own.peer_ns, ends->path, sizeof(ends->path));
	return 0;
}

static int find_ends(const struct netif *dev, struct ends *ends, char *reason, size_t size)
{
	int err;

	memset(ends, 0, sizeof(*ends));
	ends->dev = dev;
	err = peer_link_get(dev->index, PEER_HERE, &ends->own);
	if (!err && !strcmp(ends->own.kind, "veth"))
		err = find_peer(ends);
	if (err)
		snprintf(reason, size, "its other end cannot be seen: %s", strerror(-err));
	return err;
}

/* "ethtool -K veth0 gro on", with the way into the namespace. */
static const char *ethtool_command(const struct ends *ends, const char *what, char *text,
				   size_t size)
{
	const char *name = ends->peer.name;

	if (*ends->path)
		snprintf(text, size, "nsenter --net=%s ethtool -K %s %s", ends->path, name, what);
	else
		snprintf(text, size, "ethtool -K %s %s%s", name, what,
			 ends->inside ? "" : " in its network namespace");
	return text;
}

/* One of ethtool's switches at the peer: 1, 0, or -errno. */
static int peer_has(const struct ends *ends, __u32 question)
{
	if (!ends->inside)
		return -ENOENT;
	return peer_link_ethtool(ends->path, ends->peer.name, question);
}

/* What the kernel says of a driver, of a veth's state too: 1, 0, -errno. */
static int takes_frames(const struct netif *dev)
{
	__u64 features = 0;
	int err = peer_link_features(dev->index, &features);

	return err ? err : !!(features & FEATURE_XMIT);
}

static int check_veth(const struct ends *ends, char *reason, size_t size)
{
	char remedy[REMEDY_MAX];
	int has;

	if (ends->peer.native)
		return 0;
	has = peer_has(ends, ETHTOOL_GGRO);
	if (has < 0)
		has = takes_frames(ends->dev);
	if (has > 0)
		return 0;
	if (has < 0) {
		snprintf(reason, size, "whether its peer '%s' has GRO is not known",
			 ends->peer.name);
		return has;
	}
	snprintf(reason, size,
		 "its peer '%s' has neither a native XDP program nor GRO, "
		 "so redirected packets are lost (%s)",
		 ends->peer.name, ethtool_command(ends, "gro on", remedy, sizeof(remedy)));
	return 1;
}

int peer_check_redirect(const struct netif *dev, char *reason, size_t size)
{
	struct ends ends;
	int takes, err;

	err = find_ends(dev, &ends, reason, size);
	if (err)
		return err;
	if (ends.own.flags & IFF_LOOPBACK) {
		snprintf(reason, size, "a loopback takes no redirected packets");
		return 1;
	}
	if (!(ends.own.flags & IFF_UP)) {
		snprintf(reason, size, "it is down (ip link set %s up)", dev->name);
		return 1;
	}
	if (*ends.peer.name)
		return check_veth(&ends, reason, size);
	takes = takes_frames(dev);
	if (takes < 0)
		snprintf(reason, size, "what its driver can do is not known");
	else if (!takes)
		snprintf(reason, size, "its driver takes no redirected packets (use --skb-mode)");
	return takes < 0 ? takes : !takes;
}

int peer_check_tx(const struct netif *dev, char *reason, size_t size)
{
	struct ends ends;
	int err = find_ends(dev, &ends, reason, size);

	if (err || !*ends.peer.name || ends.peer.native)
		return err;
	snprintf(reason, size,
		 "its peer '%s' has no native XDP program, so what XDP_TX sends "
		 "is lost (attach one there that passes everything, or use "
		 "--skb-mode)",
		 ends.peer.name);
	return 1;
}

int peer_check_checksums(const struct netif *dev, char *reason, size_t size)
{
	char remedy[REMEDY_MAX];
	struct ends ends;
	int has, err = find_ends(dev, &ends, reason, size);

	if (err || !*ends.peer.name)
		return err;
	has = peer_has(&ends, ETHTOOL_GTXCSUM);
	if (has < 0)
		snprintf(reason, size, "whether its peer '%s' finishes checksums is not known",
			 ends.peer.name);
	else if (has)
		snprintf(reason, size, "its peer '%s' leaves checksums unfinished (%s)",
			 ends.peer.name, ethtool_command(&ends, "tx off", remedy, sizeof(remedy)));
	return has;
}
