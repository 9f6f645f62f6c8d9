/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Assignment 01: what is done with a packet that has come to user space. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>

/*
 * Make the echo request of @len bytes at @packet its answer. False: it is none, or of
 * another kind than we answer, and is dropped. Any bytes may come.
 */
bool process_packet(void *packet, unsigned int len);

#endif /* PROCESS_H */
