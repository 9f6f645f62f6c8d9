/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* From the buffers to the file. Part of xdp_sample_pkts_user. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "filter.h"
#include "source.h"
#include "store.h"
#include "wall_clock.h"

/* Zeroed at first. */
struct capture {
	const struct sample_opts *opts;
	struct ring ring;
	struct source source;
	struct filter *filter;
	struct store store;
	struct wall_clock clock;
	unsigned long long stored; /* or printed, where there is no file */
	unsigned long long filtered; /* left out by the filter */
};

/* Callback of the ring: the capture is its context. */
ring_take capture_take;

/*
 * Take samples until --count, --duration or a signal ends it; then stop the
 * source and take what is left in the buffers. Returns 0 or -errno after one
 * error line.
 */
int capture_run(struct capture *capture);

/* Print the last line. Returns 0 or -errno. */
int capture_report(struct capture *capture);

#endif /* CAPTURE_H */
