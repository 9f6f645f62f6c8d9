/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The last 65,536 requests, which have different sequence numbers: when each
 * was sent, and whether it was answered.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "xdp_ping.h"

enum history_state {
	HISTORY_NONE, /* never sent */
	HISTORY_OPEN,
	HISTORY_FAILED, /* an ICMP error came */
	HISTORY_ANSWERED,
};

enum history_answer {
	HISTORY_FIRST,
	HISTORY_DUPLICATE,
	HISTORY_LATE,
};

struct history {
	uint64_t sent; /* the number of the last request */
	uint64_t answered; /* the highest number that was */
	unsigned int open; /* neither answered nor failed, nor too old */
	uint64_t time[PING_SLOTS]; /* ns */
	unsigned char state[PING_SLOTS];
};

/* Note that the next request is sent at @now (ns). Returns its number. */
uint64_t history_send(struct history *history, uint64_t now);

/*
 * The number of the youngest request with that sequence, 0 if there was none:
 * for answers without a number.
 */
uint64_t history_number(const struct history *history, uint16_t sequence);

/*
 * Note an answer to request @number, not above history->sent, at @now. Stores
 * in *@ns how long it took, unless the request is too old to know. Later than
 * @limit (ns) is late.
 */
enum history_answer history_take(struct history *history, uint64_t number, uint64_t now,
				 uint64_t limit, uint64_t *ns);

/* Note an ICMP error about request @number. */
void history_fail(struct history *history, uint64_t number);

#endif /* HISTORY_H */
