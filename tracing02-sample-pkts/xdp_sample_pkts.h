/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the programs and the command of this lesson share. */
#ifndef XDP_SAMPLE_PKTS_H
#define XDP_SAMPLE_PKTS_H

#include <linux/types.h>

/* Where a packet was sampled: each place counts for itself. */
enum sample_place {
	SAMPLE_XDP, /* by the program on the interface */
	SAMPLE_ENTRY, /* as another program got it */
	SAMPLE_EXIT, /* as that program left it */
	SAMPLE_PLACES
};

#define SAMPLE_NO_VERDICT (~0U) /* it is not known yet */

/* What stands before the bytes of a packet, without padding. */
struct sample {
	__u64 time; /* ns of CLOCK_MONOTONIC */
	__u32 orig_len; /* bytes that the packet has */
	__u32 len; /* bytes of it that follow */
	__u32 ifindex, queue; /* where it came in */
	__u32 verdict;
	__u32 place; /* enum sample_place */
};

/* On one CPU, at one place. */
struct sample_counts {
	__u64 seen; /* packets */
	__u64 lost; /* samples that did not fit into the buffer */
	__u64 skip; /* packets before the next sample */
};

/* Known before the programs are loaded. */
struct sample_settings {
	__u32 snaplen; /* bytes of a packet at most */
	__u32 every; /* sample one packet of so many */
	__u32 ifindex; /* trace packets of this interface only */
	__u32 frags; /* packets of several pages are known (Linux 5.18) */
};

#endif /* XDP_SAMPLE_PKTS_H */
