/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The polling loop of loaders with --stats; basic03-map-counter has it bare. */
#ifndef COMMON_STATS_POLL_H
#define COMMON_STATS_POLL_H

#include "attach.h"
#include "stats.h"

/*
 * Report xdp_stats_map of @at's loaded object until @opts or a signal says to
 * end. Returns 0; or, after one error line, -ENOEXEC when the map is missing,
 * of another layout or cannot be read, and what attach_check() or
 * stats_print() returned.
 */
int stats_poll(struct attach *at, const struct stats_opts *opts);

#endif /* COMMON_STATS_POLL_H */
