// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* CLOCK_MONOTONIC starts with the machine; packets are dated by the wall. */
#include <time.h>

#include "wall_clock.h"

#define NS_PER_SECOND 1000000000LL
#define TRIES 3
#define STEP_NS 20000 /* more is a clock that was set */

static __s64 now(clockid_t id)
{
	struct timespec time;

	clock_gettime(id, &time);
	return time.tv_sec * NS_PER_SECOND + time.tv_nsec;
}

void wall_clock_set(struct wall_clock *clock)
{
	__s64 before, after, wall, best = 0, offset = 0, step;
	int i;

	/* The shorter the time in between, the better the answer. */
	for (i = 0; i < TRIES; i++) {
		before = now(CLOCK_MONOTONIC);
		wall = now(CLOCK_REALTIME);
		after = now(CLOCK_MONOTONIC);
		if (i && after - before >= best)
			continue;
		best = after - before;
		offset = wall - (before + best / 2);
	}
	step = offset - clock->offset;
	if (step < -STEP_NS - best || step > STEP_NS + best)
		clock->offset = offset;
}
