/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A thread for each queue: what it does with packets, and what it counts. */
#ifndef WORKER_H
#define WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "afxdp/xsk.h"

enum worker_job {
	JOB_ECHO, /* answer echo requests */
	JOB_DROP, /* count, and give the frame back */
	JOB_L2FWD, /* send everything back */
};

struct traffic {
	uint64_t packets, bytes;
};

/* What a queue's socket has done until now. */
struct worker_counts {
	struct traffic rx, tx;
	uint64_t ignored; /* received, and not answered */
	uint64_t tx_dropped; /* in tx: the device did not take them */
	struct xdp_statistics kernel;
	struct xsk_frame_counts frames;
};

struct worker {
	struct xsk xsk;
	enum worker_job job;
	bool poll; /* sleep where nothing comes */
	bool yield; /* there are more threads than CPUs */
	bool running;
	pthread_t thread;
	const atomic_bool *stop; /* set: finish */
	int stop_fd; /* can be read from then, which ends xsk_wait() */
	int result; /* -errno: it has ended because of this */
	struct worker_counts counts; /* the thread's own */
	double slept; /* when it last went to sleep, as monotonic_now() has it */
	uint64_t slept_at; /* packets received until then */
	pthread_mutex_t lock; /* for what follows */
	struct worker_counts published;
};

/*
 * Start the thread on worker->xsk, which is open, as its lock is made. Returns
 * 0, or -errno after one error line.
 */
int worker_start(struct worker *worker);

/*
 * Wait for it to end: when told to stop it goes on until what was taken in is
 * answered and sent, a second at most. Nothing happens if none runs.
 */
void worker_join(struct worker *worker);

/*
 * Read its counters, all of one moment. Returns 0, or the -errno that has ended
 * the thread; *@counts are set in any case.
 */
int worker_read(struct worker *worker, struct worker_counts *counts);

#endif /* WORKER_H */
