/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The loop of the live engine: have requests sent, collect what was counted. */
#ifndef LIVE_LOOP_H
#define LIVE_LOOP_H

#include <bpf/libbpf.h>

#include "attach.h"
#include "packets/live.h"
#include "packets/schedule.h"
#include "ping.h"

struct live_run {
	struct ping *ping;
	struct attach at; /* the program that measures */
	struct attach sender; /* the one that makes requests; not attached */
	struct live live;
	struct ping_frame frame; /* what the kernel makes copies of */
	struct ping_state *state; /* the programs' own memory */
	struct ring_buffer *errors;
	struct schedule schedule;
	/* Seconds, monotonic. */
	double checked, sent, moved; /* as in struct xsk_run */
	uint64_t seen; /* the highest number answered, when it moved */
};

/* For ring_buffer__new(): one struct ping_error; @ping is a struct ping. */
int live_take_error(void *ping, void *data, size_t size);

/* Until all are answered, or given up, or a signal comes. Returns 0, or -errno
 * after one error line.
 */
int live_loop(struct live_run *run);

/* Put what the programs have counted into run->ping. Returns 0 or -errno. */
int live_collect(struct live_run *run);

#endif /* LIVE_LOOP_H */
