/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Who sends to whom. Part of xdp_gen_user. */
#ifndef TARGET_H
#define TARGET_H

#include "gen.h"

/*
 * Complete the addresses in @opts by what the kernel knows: the neighbours of
 * the interface and its own addresses. Returns 0, or -EIO after one error line.
 */
int target_find(struct gen_opts *opts);

#endif /* TARGET_H */
