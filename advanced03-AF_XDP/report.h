/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What all queues have done, collected and printed. */
#ifndef REPORT_H
#define REPORT_H

#include "af_xdp.h"
#include "stats.h"
#include "worker.h"

/* All sockets and the maps of the program. */
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

/* Counters at one moment. Allocated by report_collect(). */
struct record {
	double time; /* seconds on the monotonic clock */
	int died; /* -errno: a thread has ended because of this */
	struct worker_counts *worker; /* of each thread */
	struct queue_rec *queue; /* of each queue of the interface */
};

/*
 * Read all counters. Returns 0; or after one error line -ENOEXEC when
 * xdp_queue_map cannot be read, -ENOMEM. To be released with report_free().
 */
int report_collect(struct group *group, struct record *rec);
void report_free(struct record *rec);

/* Print a report; what stats_print() returns. */
int report_print(const struct group *group, const struct stats_opts *opts, const struct record *now,
		 const struct record *before);

#endif /* REPORT_H */
