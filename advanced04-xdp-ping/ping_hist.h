/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A histogram of times, for both sides. Each octave (from one power of 2 to the
 * next) has 32 buckets, so that a time is known to 3 % whether it is 5 us or 5
 * seconds; up to 63 ns each has its own. Index to times: see hist.h.
 */
#ifndef PING_HIST_H
#define PING_HIST_H

#include <linux/types.h>

#define HIST_STEPS 32 /* buckets of an octave */
#define HIST_MAX_BITS 40 /* of a time in ns: 18 minutes */
#define HIST_BUCKETS ((HIST_MAX_BITS - 4) * HIST_STEPS)

struct ping_hist {
	__u64 bucket[HIST_BUCKETS];
};

/* The bucket of @ns. */
static inline __attribute__((always_inline)) __u32 hist_index(__u64 ns)
{
	__u32 shift = 0, index;

	if (ns >> HIST_MAX_BITS)
		ns = (1ULL << HIST_MAX_BITS) - 1;
	/* How often it must be halved to be below 64: bit by bit of that. */
	shift += ns >> (32 + 5) ? 32 : 0;
	shift += ns >> (shift + 16 + 5) ? 16 : 0;
	shift += ns >> (shift + 8 + 5) ? 8 : 0;
	shift += ns >> (shift + 4 + 5) ? 4 : 0;
	shift += ns >> (shift + 2 + 5) ? 2 : 0;
	shift += ns >> (shift + 1 + 5) ? 1 : 0;
	index = shift * HIST_STEPS + (__u32)(ns >> shift);
	/* It cannot be larger: for the verifier. */
	return index < HIST_BUCKETS ? index : HIST_BUCKETS - 1;
}

#endif /* PING_HIST_H */
