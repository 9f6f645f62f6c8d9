/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What csum_kern.c is asked and what it answers. */
#ifndef TESTS_SUMS_H
#define TESTS_SUMS_H

#include <linux/types.h>

struct sums {
	/* asked */
	__u32 wide; /* csum_fold_helper */
	__u16 sum; /* the checksum before */
	__u16 old_word, new_word;
	__u8 old_type, old_code, new_type, new_code;
	__u16 old_held, new_held; /* checksum fields of the ICMP headers */
	/* answered */
	__u16 folded;
	__u16 replaced; /* csum_replace2 */
	__u16 udp; /* udp_csum_replace2 */
	__u16 icmp; /* icmp_checksum_diff */
};

#endif /* TESTS_SUMS_H */
