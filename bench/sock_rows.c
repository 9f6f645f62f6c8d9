// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What is measured of AF_XDP, and what is to be reached. */
#include <string.h>

#include "sock.h"

/* clang-format off */
/* Ratios are those of the best known peer to the same yardsticks. */
static struct sock_row rows[] = {
	{ .name = "drop", .text = "frames into XDP_DROP",
	  .measure = sock_measure_case, .who = SOCK_BY_DROP },
	{ .name = "tx", .text = "echo answered by XDP_TX",
	  .measure = sock_measure_case, .who = SOCK_BY_TX },
	{ .name = "stack", .text = "echo answered by the kernel",
	  .measure = sock_measure_case, .who = SOCK_BY_STACK },
	{ .name = "receive", .text = "received in user space, spinning",
	  .measure = sock_measure_rate, .who = SOCK_SPINNING, .drop = true,
	  .goals = { { "mpps", 4.26 }, { "drop", 0.66 } } },
	{ .name = "receive-poll", .text = "the same with --poll-mode",
	  .measure = sock_measure_rate, .who = SOCK_SLEEPING, .drop = true,
	  .goals = { { "mpps", 3.57 }, { "drop", 0.55 } } },
	{ .name = "echo", .text = "echo answered in user space, spinning",
	  .measure = sock_measure_rate, .who = SOCK_SPINNING,
	  .goals = { { "mpps", 0.80 }, { "tx", 0.19 } } },
	{ .name = "echo-poll", .text = "the same with --poll-mode",
	  .measure = sock_measure_rate, .who = SOCK_SLEEPING,
	  .goals = { { "mpps", 0.80 }, { "tx", 0.19 } } },
	{ .name = "cpu-receive", .text = "processor time, --poll-mode",
	  .measure = sock_measure_cpu, .who = SOCK_SLEEPING, .drop = true,
	  .goals = { { "cpu", 19 } } },
	{ .name = "cpu-echo", .text = "processor time, --poll-mode",
	  .measure = sock_measure_cpu, .who = SOCK_SLEEPING,
	  .goals = { { "cpu", 63 } } },
	{ .name = "rtt-stack", .text = "round trip, the kernel",
	  .measure = sock_measure_rtt, .who = SOCK_BY_STACK },
	{ .name = "rtt-tx", .text = "round trip, XDP_TX",
	  .measure = sock_measure_rtt, .who = SOCK_BY_TX },
	{ .name = "rtt", .text = "round trip, user space, spinning",
	  .measure = sock_measure_rtt, .who = SOCK_SPINNING,
	  .goals = { { "rtt-stack", 1.5 } } },
	{ .name = "rtt-poll", .text = "round trip, user space, --poll-mode",
	  .measure = sock_measure_rtt, .who = SOCK_SLEEPING,
	  .goals = { { "p50", 63 }, { "p99", 109 } } },
	{ .name = NULL },
};
/* clang-format on */

struct sock_row *sock_rows(void)
{
	return rows;
}

struct sock_row *sock_row_find(struct sock_row *row, const char *name)
{
	for (; row->name; row++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}
