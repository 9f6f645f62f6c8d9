/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A socket and a thread for each queue: opened, started, watched and ended. */
#ifndef GROUP_H
#define GROUP_H

#include "attach.h"
#include "cpus.h"
#include "report.h"

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

/* Report until @opts or a signal says to end. Returns 0, or -errno after one
 * error line: also when interface, program or a thread are gone.
 */
int group_run(struct group *group, const struct stats_opts *opts, struct attach *at);

/* End the threads; to be called when no new packets come. */
void group_stop(struct group *group);

#endif /* GROUP_H */
