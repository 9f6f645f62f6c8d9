/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Echo requests, each made from what all have in common. */
#ifndef REQUEST_H
#define REQUEST_H

#include "ping.h"

/* The data of each begin with its number and the cookie of the run. */
#define REQUEST_NUMBER 8 /* bytes of data that have room for the number */
#define REQUEST_MARKED 16 /* with room for both */

/*
 * Choose id and cookie, and prepare the frames. Returns 0; or after one error
 * line -EINVAL for a frame longer than @max bytes, -ENOMEM or -EIO.
 */
int request_prepare(struct ping *ping, size_t max);

/* Write the frame of request @number, of ping->len bytes. Cannot fail. */
void request_write(const struct ping *ping, uint64_t number, void *frame);

/* The frame to one target that the live engine's program completes. */
void request_template(const struct ping *ping, const struct target *target,
		      struct ping_frame *frame);

#endif /* REQUEST_H */
