/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What has arrived, in which order, and how late. */
#ifndef TALLY_H
#define TALLY_H

#include "xdp_events.h"

/* Zeroed at first. */
struct tally {
	unsigned long long received;
	unsigned long long out_of_order; /* behind one with a larger number */
	__u64 next; /* the number behind the largest one seen */
	double ns; /* from an event to its reader, the sum of those measured */
	unsigned long long measured;
};

/* Count @event, the next one that has arrived. */
void tally_add(struct tally *tally, const struct event *event);

#endif /* TALLY_H */
