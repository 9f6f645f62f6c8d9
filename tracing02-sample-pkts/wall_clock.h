/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * From the kernel's clock to the one on the wall. Part of xdp_sample_pkts_user.
 */
#ifndef WALL_CLOCK_H
#define WALL_CLOCK_H

#include <linux/types.h>

/* Nanoseconds between the two. Zeroed at first. */
struct wall_clock {
	__s64 offset;
};

/*
 * Compare the two clocks. To be called now and then: somebody may set the
 * wall's. Differences too small for that are taken for the price of asking.
 */
void wall_clock_set(struct wall_clock *clock);

/* @time, of bpf_ktime_get_ns(), as nanoseconds since the epoch. */
static inline __u64 wall_clock_time(const struct wall_clock *clock, __u64 time)
{
	return time + (__u64)clock->offset;
}

#endif /* WALL_CLOCK_H */
