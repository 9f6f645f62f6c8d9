/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Will an interface send what an XDP program in native mode hands to it? A veth
 * may drop it all without a word, depending on its other end, the peer, which
 * most often is in another network namespace. (In generic mode there is no
 * condition.) Taught in packet03-redirecting.
 *
 * Each function returns 0 when all is well; 1 when it is not: then @reason
 * (@size bytes) says why, and what to do about it; or -errno when that cannot
 * be told: then @reason says what is not known. It begins so that it fits
 * behind "cannot redirect to 'x': ". Most want root.
 */
#ifndef COMMON_PEER_H
#define COMMON_PEER_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

#include "netif.h"

#define PEER_REASON_MAX 512

/*
 * Does @dev take redirected packets? It must be up, its driver must be able
 * to, and the peer of a veth needs a native program or GRO.
 */
int peer_check_redirect(const struct netif *dev, char *reason, size_t size);

/*
 * Does @dev send what a program on it returns XDP_TX for? The peer of a veth
 * needs a native program; GRO is not enough.
 */
int peer_check_tx(const struct netif *dev, char *reason, size_t size);

/*
 * Do packets that come from @dev have their checksums? The peer of a veth may
 * leave them to who sends the packet on, and no driver does that for XDP.
 */
int peer_check_checksums(const struct netif *dev, char *reason, size_t size);

/*
 * What rtnetlink knows of an interface, here or in another network namespace,
 * and where that namespace is. Part of peer.
 */

/* For the number of a namespace, as this one counts them. */
#define PEER_HERE (-1) /* this namespace itself */
#define PEER_NOWHERE (-2) /* one that has no number here */

struct peer_link {
	char name[IF_NAMESIZE];
	char kind[IF_NAMESIZE]; /* "veth", ...; "" of a network card */
	unsigned int flags; /* IFF_UP, ... */
	int peer; /* interface index of its other end; 0: it has none */
	int peer_ns; /* which namespace that is in */
	bool native; /* it holds a program in native mode */
};

/* Ask about interface @ifindex of namespace @ns. Returns 0 or -errno. */
int peer_link_get(int ifindex, int ns, struct peer_link *link);

/*
 * Store in @path where namespace number @ns can be entered, among those that
 * have a name or a process that can be seen. Returns 0, or -ENOENT.
 */
int peer_link_namespace(int ns, char *path, size_t size);

/*
 * Ask the driver of interface @name in the namespace at @path ("": this one)
 * for a value of ethtool(8), ETHTOOL_GGRO or the like. Returns it, or -errno.
 */
int peer_link_ethtool(const char *path, const char *name, __u32 question);

/*
 * What the driver of an interface of this namespace can do with XDP, as the
 * kernel has it since 6.3: NETDEV_XDP_ACT_* in @features. Returns 0, or -errno:
 * -ENOENT where the kernel has no such list.
 */
int peer_link_features(int ifindex, __u64 *features);

#endif /* COMMON_PEER_H */
