/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* An event as a line. */
#ifndef WATCH_PRINT_H
#define WATCH_PRINT_H

#include "events.h"
#include "xdp_events.h"

/* Seconds from the monotonic clock, which events have, to that on the wall. */
double watch_offset(void);

/*
 * Print @event, and the @bytes it carries, for people or as JSON; it is not
 * flushed.
 */
void watch_print(const struct events_opts *opts, const struct event *event,
		 const unsigned char *bytes, double offset);

#endif /* WATCH_PRINT_H */
