// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What is measured of pings, and what is to be reached. */
#include <string.h>

#include "ping.h"

/* At more than 1000 a second xdp_ping_user writes no line for each answer. */
#define SLOWLY " -i 0.00099"
/* Less is nothing to it. */
#define PING_SLOWLY PING " -i 0.001"
#define PING "ping -n -q"
#define NPING "nping --icmp -N -H -v1 --rate 100000000"
#define OWN "xdp_ping_user --json"
#define LIVE OWN " --engine live"

/* clang-format off */
static struct ping_row rows[] = {
	{ .name = "ping-bare", .text = "ping -f, no program at the far end",
	  .command = PING " -f", .read = ping_read_ping, .far = PING_BY_NONE },
	{ .name = "ping", .text = "ping -f",
	  .command = PING " -f", .read = ping_read_ping, .far = PING_BY_STACK },
	{ .name = "ping-64", .text = "ping -f -l 64",
	  .command = PING " -f -l 64", .read = ping_read_ping,
	  .far = PING_BY_STACK },
	{ .name = "nping", .text = "nping -N", .counts = true,
	  .command = NPING, .read = ping_read_nping, .far = PING_BY_STACK },
	{ .name = "xsk", .text = "xdp_ping_user --flood",
	  .command = OWN " --flood", .read = ping_read_own,
	  .far = PING_BY_STACK, .goals = { { "ping", 2.1 } } },
	{ .name = "xsk-bare", .text = "the same, no program at the far end",
	  .command = OWN " --flood", .read = ping_read_own,
	  .far = PING_BY_NONE, .goals = { { "ping-bare", 2.1 } } },
	{ .name = "live", .text = "xdp_ping_user --flood --engine live",
	  .command = LIVE " --flood", .read = ping_read_own,
	  .far = PING_BY_STACK, .goals = { { "ping", 3 } } },
	{ .name = "tx-xsk", .text = "xdp_ping_user --flood, XDP_TX answers",
	  .command = OWN " --flood", .read = ping_read_own,
	  .far = PING_BY_TX, .goals = { { "mpps", 0.70 } } },
	{ .name = "tx-live", .text = "the same with --engine live",
	  .command = LIVE " --flood", .read = ping_read_own,
	  .far = PING_BY_TX, .goals = { { "mpps", 3.0 } } },
	{ .name = "one-ping", .text = "ping, one at a time", .single = true,
	  .command = PING_SLOWLY, .read = ping_read_ping,
	  .far = PING_BY_STACK },
	{ .name = "one-xsk", .text = "xdp_ping_user, one at a time",
	  .command = OWN SLOWLY, .read = ping_read_own, .single = true,
	  .far = PING_BY_STACK },
	{ .name = "one-live", .text = "the same with --engine live",
	  .command = LIVE SLOWLY, .read = ping_read_own, .single = true,
	  .far = PING_BY_STACK },
	{ .name = NULL },
};
/* clang-format on */

struct ping_row *ping_rows(void)
{
	return rows;
}

struct ping_row *ping_row_find(struct ping_row *row, const char *name)
{
	while (row->name && strcmp(row->name, name))
		row++;
	return row->name ? row : NULL;
}
