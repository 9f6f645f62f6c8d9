/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What is printed while it goes on: a line for each answer, errors, packets. */
#ifndef SHOW_H
#define SHOW_H

#include "reply.h"

/* The first line. Returns 0 or -EPIPE after one error line. */
int show_begin(const struct ping *ping);

/*
 * One that came in: with lines or as JSON. @answer and @ns are of good ones.
 * Returns 0 or -EPIPE after one error line.
 */
int show_reply(const struct ping *ping, const struct reply *reply, enum reply_kind kind,
	       enum history_answer answer, uint64_t ns);

/* --debug: the fields of a packet. */
void show_packet(const struct ping *ping, const struct reply *reply);

/* An ICMP error about request @sequence: noted, and, with lines, shown. */
void show_trouble(struct ping *ping, const struct netif_addr *from, uint8_t type, uint8_t code,
		  uint16_t sequence);

/* "Destination Host Unreachable", as ping(8) calls it. */
const char *show_trouble_name(int family, uint8_t type, uint8_t code);

/* Milliseconds as ping(8) writes them; returns @text (SHOW_TIME bytes). */
#define SHOW_TIME 32
const char *show_time(double ns, char *text);

#endif /* SHOW_H */
