// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Counting what arrives. */
#include <time.h>

#include "tally.h"

#define NS_PER_SECOND 1000000000ULL
/*
 * To read the clock for each event would cost more than to read the event. A
 * prime number: no batch is a multiple of it.
 */
#define MEASURE_EACH 61

void tally_add(struct tally *tally, const struct event *event)
{
	struct timespec now = { 0 };

	if (event->seq < tally->next)
		tally->out_of_order++;
	else
		tally->next = event->seq + 1;
	if (tally->received++ % MEASURE_EACH)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	tally->ns += (double)((__u64)now.tv_sec * NS_PER_SECOND + (__u64)now.tv_nsec - event->time);
	tally->measured++;
}
