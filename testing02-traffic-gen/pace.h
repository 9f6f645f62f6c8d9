/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* When how many frames are due. Part of xdp_gen_user. */
#ifndef PACE_H
#define PACE_H

#include "sender.h"

/*
 * Send and report until @sender->opts or a signal says to end. Returns 0, or
 * -errno after one error line.
 */
int pace_run(struct sender *sender);

#endif /* PACE_H */
