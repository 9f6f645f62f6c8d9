/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Frames sent by system calls (AF_PACKET). Part of xdp_gen_user. */
#ifndef PACKET_SOCKET_H
#define PACKET_SOCKET_H

#include "frame.h"

struct packet_socket;

/*
 * Make ready to send @frame, and its other flows, through @opts->dev. Returns 0
 * and *@out, to be released with packet_socket_close(); or -errno.
 */
int packet_socket_open(const struct frame *frame, const struct gen_opts *opts,
		       struct packet_socket **out);

/*
 * Send @count frames. Returns 0, also when a signal has cut it short, or
 * -errno. The interface counts those that it drops.
 */
int packet_socket_send(struct packet_socket *ps, unsigned int count);

/* How many were handed to the interface. */
unsigned long long packet_socket_sent(const struct packet_socket *ps);

/* Close it; NULL is nothing. */
void packet_socket_close(struct packet_socket *ps);

#endif /* PACKET_SOCKET_H */
