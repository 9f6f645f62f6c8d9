/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A socket and a thread for each queue: all of them are the group (group.c). A
 * worker is one socket and its thread (worker.c); a record is what all of them
 * had counted at one moment (report.c).
 */
#ifndef GROUP_H
#define GROUP_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "af_xdp.h"
#include "afxdp/xsk.h"
#include "attach.h"
#include "cpus.h"
#include "stats.h"

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

/* All sockets and the maps of the program. Zeroed at first. */
struct group {
	struct netif dev;
	struct umem umem;
	struct worker *workers;
	unsigned int count;
	unsigned int queues; /* that the interface has */
	int queue_map; /* its file descriptor */
	atomic_bool stop; /* the threads are told to end */
	int stop_fd; /* and those that sleep are woken */
};

/* Counters at one moment. */
struct record {
	double time; /* seconds on the monotonic clock */
	int died; /* -errno: a thread has ended because of this */
	struct worker_counts *worker; /* of each thread */
	struct queue_rec *queue; /* of each queue of the interface */
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

/*
 * Read all counters. Returns 0; or after one error line -ENOEXEC when
 * xdp_queue_map cannot be read, -ENOMEM. To be released with report_free().
 */
int report_collect(struct group *group, struct record *rec);
void report_free(struct record *rec);

/* Print a report; what stats_print() returns. */
int report_print(const struct group *group, const struct stats_opts *opts, const struct record *now,
		 const struct record *before);

/*
 * Make the program's maps as large as @dev has queues: before it is loaded.
 * Returns 0; or after one error line -ENOEXEC where it has no such maps,
 * another -errno where the interface cannot be asked.
 */
int group_prepare(struct group *group, const struct attach *at, const struct netif *dev);

/*
 * Open a socket for each of @queues, all on one UMEM; they do @job. The
 * program may be attached later. Returns 0, or what xsk_open() returned. To be
 * released with group_close(), also when it was only zeroed.
 */
int group_open(struct group *group, const struct cpus *queues, const struct xsk_opts *opts,
	       enum worker_job job);
void group_close(struct group *group);

/*
 * Enter the sockets in the map of the loaded program, and start the threads.
 * Returns 0, or -errno after one error line.
 */
int group_start(struct group *group, const struct attach *at);

/*
 * Report until @opts or a signal says to end. Returns 0, or -errno after one
 * error line: also when interface, program or a thread are gone.
 */
int group_run(struct group *group, const struct stats_opts *opts, struct attach *at);

/* End the threads; to be called when no new packets come. */
void group_stop(struct group *group);

#endif /* GROUP_H */
