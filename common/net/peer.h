/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Whether an interface sends what an XDP program in native mode hands to it. A veth
 * may drop it all without a word, depending on its other end, the peer, which
 * most often is in another network namespace. (In generic mode there is no
 * condition.) Taught in packet03-redirecting.
 *
 * Each function returns 0 when all is well; 1 when it is not: then @reason
 * (@size bytes) gives the reason, and the remedy; or -errno when that is not
 * known: then @reason is what is not known. It begins so that it fits behind
 * "cannot redirect to 'x': ". Most need root.
 */
#ifndef COMMON_PEER_H
#define COMMON_PEER_H

#include <stddef.h>

#include "netif.h"

#define PEER_REASON_MAX 512

/*
 * Does @dev send redirected packets? It must be up, its driver must be able
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
 * leave them to the driver that sends the packet on, and no driver does that
 * for XDP.
 */
int peer_check_checksums(const struct netif *dev, char *reason, size_t size);

#endif /* COMMON_PEER_H */
