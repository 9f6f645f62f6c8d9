/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The two ways out: live frames, and a packet socket. Part of xdp_gen_user. */
#ifndef SENDER_H
#define SENDER_H

#include "attach.h"
#include "frame.h"
#include "live.h"

struct packet_socket;

/* Zeroed at first. */
struct sender {
	const struct gen_opts *opts;
	struct frame frame;
	struct attach at; /* the object and its program */
	struct live live;
	int state; /* the map of the program's struct gen_state */
	struct packet_socket *socket; /* NULL: live frames are used */
};

/*
 * Make ready to send what @opts asks for, with live frames unless it asks for
 * a packet socket; that is also used, and said, where the kernel has no live
 * frames. Returns 0, or -errno after one error line, as attach_status() knows
 * it. To be released with sender_close(), also after an error.
 */
int sender_open(struct sender *sender, const struct gen_opts *opts);

/*
 * Send @count frames. Returns 0, also when a signal has cut it short; or
 * -errno after one error line.
 */
int sender_send(struct sender *sender, unsigned int count);

/* How many have been sent. */
unsigned long long sender_sent(const struct sender *sender);

void sender_close(struct sender *sender);

#endif /* SENDER_H */
