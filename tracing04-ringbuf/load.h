/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Packets for the program, by BPF_PROG_RUN, on one CPU after the other. */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>

#include "cpus.h"
#include "events.h"
#include "packets/live.h"

struct producer;

/* Zeroed at first. */
struct load {
	const struct events_opts *opts;
	struct live live;
	unsigned char frame[FRAME_MAX];
	struct cpus cpus; /* those that this process may use */
	struct producer *producers;
	int count; /* of them */
	bool stop; /* read and written atomically, as the next one */
	int running;
	double started; /* seconds on the monotonic clock */
};

/* What has been run. */
struct load_sum {
	unsigned long long events;
	double ns; /* that the program took for one */
	double seconds; /* from the first to the last */
};

/*
 * Run program @prog_fd as @opts says, in threads of their own: one that goes
 * from CPU to CPU, so that all packets have an order that everybody agrees on,
 * or one on each. Returns 0 or -errno. To be ended with load_end(), also after
 * an error.
 */
int load_start(struct load *load, int prog_fd, const struct events_opts *opts);

/* Whether all of it has been run. */
bool load_is_over(const struct load *load);

/* Stop it, and store what was run. Returns 0, or what a thread met: -errno. */
int load_end(struct load *load, struct load_sum *sum);

/* load_frame.c: an UDP packet of @len bytes. */
void load_frame(unsigned char *frame, unsigned int len);

#endif /* LOAD_H */
