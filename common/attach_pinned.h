/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Loaders that pin their maps, so that xdp_stats_user and others can open them.
 * basic04-pinning-maps has the same spelled out.
 *
 * All functions print one error line before they return an error, which
 * attach_status() turns into an exit status.
 */
#ifndef COMMON_ATTACH_PINNED_H
#define COMMON_ATTACH_PINNED_H

#include <stdbool.h>

#include "attach.h"

/* What the options of a loader say about pinning. */
struct attach_pinned_opts {
	const char *dir; /* NULL: the interface's own, see pinning_folder() */
	bool reuse;
};

/* clang-format off */
/* --pin-dir -M: @m is a struct attach_pinned_opts in struct @s. (Of options.h.) */
#define OPTIONS_PINNING(s, m) \
	OPTION("pin-dir", 0, "DIR", OPTION_STRING, s, m.dir, \
	       "folder for the pins (default: /sys/fs/bpf/IFNAME)"), \
	OPTION("reuse-maps", 'M', NULL, OPTION_FLAG, s, m.reuse, \
	       "use the maps that are pinned there already")
/* clang-format on */

/*
 * attach_load(), and pin all maps of the object under their names. On error
 * neither program nor pins are left.
 */
int attach_pinned_load(struct attach *at, const struct netif *dev, const struct attach_opts *opts,
		       const struct attach_pinned_opts *pins);

/*
 * Undo it: detach our program, and unpin what no other program on the interface
 * uses. Maps that were taken over with --reuse-maps stay pinned. Also after an
 * error of attach_print(), which has detached already.
 */
int attach_pinned_detach(struct attach *at, const struct attach_pinned_opts *pins);

/* attach_unload(), and unpin what no program that is left there uses. */
int attach_pinned_unload(const struct netif *dev, const struct attach_opts *opts,
			 const struct attach_pinned_opts *pins);

#endif /* COMMON_ATTACH_PINNED_H */
