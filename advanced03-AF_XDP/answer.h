/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What is done with a packet that has come to user space. */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>

/*
 * Make the echo request of @len bytes at @packet the answer to it, checksums
 * included. Returns false, with nothing changed, if it is none, or one that a
 * socket does not answer (see headers/echo_helpers.h): any bytes will do.
 */
bool answer_echo(void *packet, unsigned int len);

/* Send the frame back: swap its MAC addresses. False if it is too short. */
bool answer_l2fwd(void *packet, unsigned int len);

#endif /* ANSWER_H */
