/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counters of all sockets and queues at one moment, and what is printed of them. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "af_xdp.h"
#include "afxdp/xsk.h"
#include "stats.h"

struct traffic {
	uint64_t packets, bytes;
};

/* What a socket has done until now. */
struct worker_counts {
	unsigned int queue; /* where it is, */
	bool zero_copy; /* and how packets get there */
	struct traffic rx, tx;
	uint64_t ignored; /* received, and not answered */
	uint64_t tx_dropped; /* in tx: the device did not take them */
	struct xdp_statistics kernel;
	struct xsk_frame_counts frames;
};

struct record {
	double time; /* seconds on the monotonic clock */
	unsigned int count; /* sockets */
	struct worker_counts *worker; /* of each socket */
	struct queue_rec *queue; /* of each queue of the interface */
};

/*
 * Print what has changed on @ifname, as @opts has it. Both records are of the
 * same sockets. Returns what output_flush() does.
 */
int report_print(const char *ifname, const struct stats_opts *opts, const struct record *now,
		 const struct record *before);

#endif /* REPORT_H */
