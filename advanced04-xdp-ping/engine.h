/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The two ways to ping: requests made in the memory of an AF_XDP socket, or by
 * the kernel itself as live frames. Both fill in the same sums.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "ping.h"

/*
 * Attach a program, send requests until all are sent and answered or a signal
 * comes, detach it, and leave in @ping what came of it. Returns 0, or -errno
 * after one error line, as attach_status() knows it; there may be sums then,
 * too: ping->sent is not 0.
 */
int engine_xsk(struct ping *ping);
int engine_live(struct ping *ping);

#endif /* ENGINE_H */
