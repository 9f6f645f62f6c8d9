/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Live frames, and the program that sends them. Part of xdp_gen_user. */
#ifndef LIVE_SENDER_H
#define LIVE_SENDER_H

#include "attach.h"
#include "frame.h"
#include "packets/live.h"

/* Zeroed at first. */
struct live_sender {
	struct attach at; /* the object and its program */
	struct live live;
	int state; /* the map that holds the program's struct gen_state */
};

/*
 * Load xdp_gen_func to make @frame, and its other flows, and to send them
 * through @opts->dev. Returns 0, or -errno after one error line, as
 * attach_status() knows it. To be released with live_sender_close().
 */
int live_sender_open(struct live_sender *ls, const struct frame *frame,
		     const struct gen_opts *opts);

/*
 * Send @count frames. Returns 0, also when a signal has cut it short; or
 * -errno without a message: -ENODEV when the interface is gone.
 */
int live_sender_send(struct live_sender *ls, const struct frame *frame, unsigned int count);

/* How many have been sent. */
unsigned long long live_sender_sent(const struct live_sender *ls);

void live_sender_close(struct live_sender *ls);

#endif /* LIVE_SENDER_H */
