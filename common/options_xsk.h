/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Option lines of commands that use AF_XDP, and what they have in common. */
#ifndef COMMON_OPTIONS_XSK_H
#define COMMON_OPTIONS_XSK_H

#include "cpus.h"
#include "options.h"
#include "xsk_socket.h"

/* clang-format off */
/* -Q -c -z -p and more: @m is a struct xsk_opts in struct @s. */
#define OPTIONS_XSK(s, m) \
	OPTION("queue", 'Q', "LIST", OPTION_STRING, s, m.queues, \
	       "receive queues to use, like 0 or 0,2-3 (default: all)"), \
	OPTION("copy", 'c', NULL, OPTION_FLAG, s, m.copy, \
	       "let the kernel copy packets: every driver can"), \
	OPTION("zero-copy", 'z', NULL, OPTION_FLAG, s, m.zero_copy, \
	       "let the driver use our frames, or fail (default: if it can)"), \
	OPTION("poll-mode", 'p', NULL, OPTION_FLAG, s, m.poll, \
	       "sleep in poll(2) while nothing comes, instead of spinning"), \
	OPTION("busy-poll", 0, NULL, OPTION_FLAG, s, m.busy_poll, \
	       "have the driver run when we ask for it (SO_PREFER_BUSY_POLL)"), \
	OPTION_RANGE("budget", 0, "N", OPTION_UINT, s, m.budget, 1, 65535, \
		     "packets at a time, with --busy-poll (default 64)"), \
	OPTION_RANGE("frames", 0, "N", OPTION_UINT, s, m.umem.frames, \
		     UMEM_FRAMES_MIN, UMEM_FRAMES_MAX, \
		     "frames of each queue (default 4096)"), \
	OPTION_RANGE("frame-size", 0, "BYTES", OPTION_UINT, s, \
		     m.umem.frame_size, UMEM_FRAME_SIZE_MIN, UMEM_FRAME_SIZE, \
		     "2048 or 4096 (default)"), \
	OPTION_RANGE("headroom", 0, "BYTES", OPTION_UINT, s, m.umem.headroom, \
		     0, UMEM_FRAME_SIZE / 2, \
		     "that stay free in front of a packet (default 0)")
/* clang-format on */

/*
 * Check @opts against @mode, in which the program is to be attached (enum
 * xdp_attach_mode), and @dev; generic XDP copies. Store the queues to use in
 * *@queues (a list as of CPUs). Returns 0 or, after one error line, -EINVAL; or
 * another -errno when the interface cannot be asked.
 */
int xsk_choose(struct xsk_opts *opts, int mode, const struct netif *dev, struct cpus *queues);

#endif /* COMMON_OPTIONS_XSK_H */
