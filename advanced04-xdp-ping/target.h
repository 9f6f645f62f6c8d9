/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Who is asked: addresses, names and prefixes become targets. */
#ifndef TARGET_H
#define TARGET_H

#include "ping.h"

/*
 * Make the targets out of @count @names (an address, one with %INTERFACE behind
 * it, or a name that is looked up) and the prefixes of --sweep. All must be of
 * one family. Returns 0; or after one error line -EINVAL, or -ENOMEM. To be
 * released with targets_free(), also when the struct was only zeroed.
 */
int targets_find(struct ping *ping, char **names, int count);
void targets_free(struct ping *ping);

#endif /* TARGET_H */
