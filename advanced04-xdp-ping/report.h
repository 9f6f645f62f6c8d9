/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Output: while a run goes on a line for each packet, if they are not too many,
 * and in the end the statistics; for people as ping(8) has it, or as JSON.
 */
#ifndef REPORT_H
#define REPORT_H

#include "reply.h"

/* The first line. Returns 0, or -EPIPE after one error line. */
int report_begin(const struct ping *ping);

/*
 * A packet that came in, with --debug also its header fields; @answer and @ns are
 * those of a good one. Returns 0, or -EPIPE after one error line.
 */
int report_reply(const struct ping *ping, const struct reply *reply, enum reply_kind kind,
		 enum history_answer answer, uint64_t ns);

/* Count an ICMP error about request @sequence in ping->icmp_errors, and print a line. */
void report_icmp_error(struct ping *ping, const struct netif_addr *from, uint8_t type, uint8_t code,
		       uint16_t sequence);

/*
 * The statistics: of all targets together, with percentiles and a histogram; of
 * several targets also a table. Returns 0, or -EPIPE after one error line.
 */
int report_end(const struct ping *ping);

#endif /* REPORT_H */
