/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Attaching with a bpf_link. Part of xdp_pinned_user. */
#ifndef PINNED_LINK_H
#define PINNED_LINK_H

#include "attach.h"

/* The name of the link's pin, beside those of the maps. */
#define PINNED_LINK_NAME "xdp_link"

/*
 * Load the program and attach it to @dev with a bpf_link that is pinned in
 * @folder. The attachment lives as long as the link, and the link as long as
 * its pin: no dispatcher, no netlink, nobody else can replace it by mistake.
 * Results and errors as attach_load(); PROBE_UNSUPPORTED where the kernel has no
 * links for XDP.
 */
int pinned_link_load(struct attach *at, const struct netif *dev, const struct attach_opts *opts,
		     const char *folder);

#endif /* PINNED_LINK_H */
