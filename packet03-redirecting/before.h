/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_redirect_user is asked for, and what it looks at before it loads. */
#ifndef BEFORE_H
#define BEFORE_H

#include <stdbool.h>

#include "attach.h"
#include "attach_pinned.h"
#include "stats.h"

struct redirect_opts {
	struct netif dev;
	struct attach_opts attach;
	struct pinning_opts pins;
	struct stats_opts stats;
	struct netif target; /* -r */
	struct netif_mac mac; /* -R */
	bool direct;
	bool poll;
};

/*
 * Before @at's object is loaded: are the options those of its program, and will
 * the interfaces send what it hands to them? Then its settings are set. Returns
 * 0; or, after one error line, -EINVAL for options that do not fit, -EOPNOTSUPP
 * for interfaces that do not, -ENOEXEC when the object has no such settings.
 */
int before_load(struct attach *at, const struct redirect_opts *opts);

/*
 * Can packets that come in on @dev leave through @target, in native mode or
 * not? Returns 0, after a warning where that cannot be told, or where they
 * may be lost later; or -EOPNOTSUPP after one error line.
 */
int before_redirect(const struct netif *dev, const struct netif *target, bool native);

/* Say so when packets go back where they came from: most often a mistake. */
void before_warn_same(const struct netif *dev, const struct netif *target);

#endif /* BEFORE_H */
