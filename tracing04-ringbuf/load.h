/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A load: packets for the program, by BPF_PROG_RUN, on one CPU after another. */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>

#include "cpus.h"
#include "events.h"
#include "packets/live.h"

#define FRAME_MIN 42 /* Ethernet, IPv4, UDP */
#define FRAME_MAX 1514

struct producer;

/* Zeroed at first. */
struct load {
	const struct events_opts *opts;
	struct live live;
	unsigned char frame[FRAME_MAX];
	struct cpus cpus; /* those that this process may use */
	struct producer *producers; /* the threads */
	int count; /* of them */
	bool stop; /* read and written atomically, as the next one */
	int running;
	double started; /* seconds on the monotonic clock */
};

/* What has been run. */
struct load_sum {
	unsigned long long events;
	double ns; /* that the program needed for one */
};

/*
 * Run program @prog_fd as @opts says, in threads of their own: one that goes
 * from CPU to CPU, so that all packets have one order, or one on each. Returns 0 or
 * -errno. To be ended with load_end(), also after an error.
 */
int load_start(struct load *load, int prog_fd, const struct events_opts *opts);

/* Whether all of it has been run. */
bool load_is_over(const struct load *load);

/* Stop it, and store what was run. Returns 0, or the -errno of a thread. */
int load_end(struct load *load, struct load_sum *sum);

#endif /* LOAD_H */
