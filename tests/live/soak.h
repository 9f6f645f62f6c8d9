/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What soak_user sends and expects, and what its programs count. */
#ifndef TESTS_SOAK_H
#define TESTS_SOAK_H

#include <linux/types.h>

#define SOAK_LEN 64 /* bytes of each frame */
#define SOAK_WORDS (SOAK_LEN / 8)
#define SOAK_FRAMES 2 /* IPv4 and IPv6 */

/* What comes back, and which of its bits are always the same. */
struct soak_answer {
	__u64 word[SOAK_WORDS];
	__u64 same[SOAK_WORDS];
};

struct soak_settings {
	struct soak_answer answer[SOAK_FRAMES];
	__u64 mac; /* the bits of a frame's first word that are an address */
};

struct soak_counts {
	__u64 sent; /* live frames: the interface takes them or drops them */
	__u64 good; /* have come back as they should */
	__u64 bad; /* have come back otherwise */
};

#endif /* TESTS_SOAK_H */
