/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Options that do not go together. Part of xdp_gen_user. */
#ifndef CHECK_H
#define CHECK_H

#include "gen.h"

/*
 * Settle the family and the size, and refuse what cannot be: a frame too short
 * or too long, ports beyond the last, addresses of two families, an interface
 * that is down. Returns 0; or, after one error line, -EINVAL when the options
 * are wrong, or what link_get() returned.
 */
int check_options(struct gen_opts *opts);

#endif /* CHECK_H */
