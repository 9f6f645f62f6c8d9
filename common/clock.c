// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The kernel's clocks, read with clock_gettime(2). */
#include <time.h>

#include "clock.h"

static uint64_t read_ns(clockid_t id)
{
	struct timespec now = { 0 };

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t monotonic_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

double monotonic_now(void)
{
	return (double)monotonic_ns() / 1e9;
}

uint64_t wall_clock_ns(void)
{
	return read_ns(CLOCK_REALTIME);
}

uint64_t thread_cpu_ns(void)
{
	return read_ns(CLOCK_THREAD_CPUTIME_ID);
}
