/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The two ways out: live frames, or a packet socket. Part of xdp_gen_user. */
#ifndef SENDER_H
#define SENDER_H

#include "live_sender.h"
#include "packet_socket.h"

/* Zeroed at first. */
struct sender {
	const struct gen_opts *opts;
	struct frame frame;
	struct live_sender live;
	struct packet_socket *socket; /* NULL: live frames are used */
};

/*
 * Make ready to send what @opts asks for: with live frames, unless it asks for
 * a packet socket, or the interface takes no redirected frames, which is said.
 * Returns 0, or -errno after one error line, as attach_status() knows it. To
 * be released with sender_close(), also after an error.
 */
int sender_open(struct sender *sender, const struct gen_opts *opts);

/*
 * Send @count frames. What shows with the first ones only is also said: that
 * the kernel has no live frames, or none that long; a packet socket sends
 * them. Returns 0, also when a signal has cut it short; or -errno after one
 * error line: -ENODEV when the interface is gone.
 */
int sender_send(struct sender *sender, unsigned int count);

/* How many have been sent. */
unsigned long long sender_sent(const struct sender *sender);

void sender_close(struct sender *sender);

#endif /* SENDER_H */
