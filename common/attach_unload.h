/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Taking programs off an interface by id: --unload and --unload-all.
 * Taught in basic01-xdp-pass.
 */
#ifndef COMMON_ATTACH_UNLOAD_H
#define COMMON_ATTACH_UNLOAD_H

#include "attach.h"

/*
 * Do what --unload or --unload-all in @opts asks for, and print what was
 * detached. Nothing attached is an error for --unload only. Returns 0 or
 * -errno after one error line; -EINVAL when --unload without an id finds
 * several programs: the line lists their ids.
 */
int attach_unload(const struct netif *dev, const struct attach_opts *opts);

/*
 * Take the program @entry off @dev, as attach_query() listed it. Returns 0,
 * or -EIO after one error line; then it is attached as before.
 */
int attach_remove(const struct netif *dev, const struct attach_entry *entry);

/*
 * Check that our program is still attached. Returns 0; -ENODEV after one error
 * line when the interface is gone, -ENOENT when another program, or none, is in
 * the place of ours. Then there is nothing left for attach_detach() to do.
 */
int attach_check(struct attach *at);

#endif /* COMMON_ATTACH_UNLOAD_H */
