/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The kernel's clocks, in seconds or nanoseconds (clock_gettime(2)). None of these
 * calls can fail.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

/* Seconds on the monotonic clock: for periods, and for what is to end when. */
double monotonic_now(void);

/* The same in nanoseconds, as bpf_ktime_get_ns() has it. */
uint64_t monotonic_ns(void);

/* Nanoseconds since the epoch: for people, and for files. */
uint64_t wall_clock_ns(void);

/* Nanoseconds of CPU time that this thread has used. */
uint64_t thread_cpu_ns(void);

#endif /* COMMON_CLOCK_H */
