/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The size of the frames that bench_user --live sends. */
#ifndef LIVE_FRAME_H
#define LIVE_FRAME_H

#define LIVE_FRAME_WORDS 8 /* of 8 bytes */
#define LIVE_FRAME_LEN (8 * LIVE_FRAME_WORDS)

#endif /* LIVE_FRAME_H */
