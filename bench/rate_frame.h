/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The size of the frames that bench_user --live sends. */
#ifndef RATE_FRAME_H
#define RATE_FRAME_H

#define RATE_FRAME_WORDS 8 /* of 8 bytes */
#define RATE_FRAME_LEN (8 * RATE_FRAME_WORDS)

#endif /* RATE_FRAME_H */
