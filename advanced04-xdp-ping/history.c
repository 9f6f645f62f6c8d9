// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The last 65,536 requests, one a slot. */
#include "history.h"

static unsigned int slot_of(uint64_t number)
{
	return number % PING_SLOTS;
}

/* Another request has its slot by now. */
static bool is_gone(const struct history *history, uint64_t number)
{
	return number + PING_SLOTS <= history->sent;
}

uint64_t history_send(struct history *history, uint64_t now)
{
	unsigned int slot = slot_of(++history->sent);

	/* The former request of the slot is not waited for any more. */
	if (history->state[slot] != HISTORY_OPEN)
		history->open++;
	history->state[slot] = HISTORY_OPEN;
	history->time[slot] = now;
	return history->sent;
}

uint64_t history_number(const struct history *history, uint16_t sequence)
{
	uint64_t sent = history->sent;
	uint16_t back = (uint16_t)(sent - sequence);

	return sent > back ? sent - back : 0;
}

enum history_answer history_take(struct history *history, uint64_t number, uint64_t now,
				 uint64_t limit, uint64_t *ns)
{
	unsigned int slot = slot_of(number);
	unsigned char before = history->state[slot];

	if (is_gone(history, number))
		return HISTORY_LATE;
	*ns = now - history->time[slot];
	if (number > history->answered)
		history->answered = number;
	if (before == HISTORY_ANSWERED)
		return HISTORY_DUPLICATE;
	history->state[slot] = HISTORY_ANSWERED;
	history->open -= before == HISTORY_OPEN;
	return *ns > limit ? HISTORY_LATE : HISTORY_FIRST;
}

void history_fail(struct history *history, uint64_t number)
{
	unsigned int slot = slot_of(number);

	if (is_gone(history, number) || history->state[slot] != HISTORY_OPEN)
		return;
	history->state[slot] = HISTORY_FAILED;
	history->open--;
	/* It moves the window of a flood as an answer does. */
	if (number > history->answered)
		history->answered = number;
}
