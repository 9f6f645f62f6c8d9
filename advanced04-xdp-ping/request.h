/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Echo requests, made out of what is the same in all of them. */
#ifndef REQUEST_H
#define REQUEST_H

#include "ping.h"

/* What stands in the data of each: its number, and the run's cookie. */
#define REQUEST_NUMBER 8 /* bytes, if there is room */
#define REQUEST_MARKED 16 /* with both */

/*
 * Choose id and cookie, and prepare the frames. Returns 0, -ENOMEM or, when the
 * frame is longer than @max bytes, -EINVAL after one error line.
 */
int request_prepare(struct ping *ping, size_t max);

/* Write the frame of request @number, of ping->len bytes. Cannot fail. */
void request_write(const struct ping *ping, uint64_t number, void *frame);

/* The frame of one target as the live engine's program completes it. */
void request_template(const struct ping *ping, const struct target *target,
		      struct ping_frame *frame);

#endif /* REQUEST_H */
