/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The loop of the xsk engine: send what is due, read what came. */
#ifndef XSK_LOOP_H
#define XSK_LOOP_H

#include "attach.h"
#include "history.h"
#include "packets/schedule.h"
#include "ping.h"

struct xsk_run {
	struct ping *ping;
	struct attach at;
	struct xsk_opts opts; /* what was asked for, and what follows from it */
	struct umem umem;
	struct xsk *socks; /* requests leave through the first one */
	unsigned int count; /* that are open */
	unsigned int queues; /* that there are */
	struct history history;
	struct schedule schedule;
	int signal_fd;
	bool yield; /* the only CPU is wanted by others */
	/* Seconds, monotonic. */
	double checked; /* when it was seen that all is as it was */
	double sent; /* when the last request was */
	double moved; /* when a request was sent, or something came */
};

/* Until all are answered, or given up, or a signal comes. Returns 0, or -errno
 * after one error line.
 */
int xsk_loop(struct xsk_run *run);

#endif /* XSK_LOOP_H */
