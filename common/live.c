// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Live frames: BPF_PROG_RUN whose packets leave. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "live.h"

/* Of linux/bpf.h, which has had it since 5.18. */
#define F_TEST_XDP_LIVE_FRAMES (1U << 1)
#define LOOPBACK 1 /* its interface index in every namespace */

/*
 * The kernel calls programs that are attached through a table of direct jumps.
 * A program that is run more than once is put into it and taken out again,
 * which means waiting for all CPUs, twice: some 25 ms, asleep. One that is
 * in the table already costs nothing. So it is attached, for as long as this
 * takes, to the loopback of a namespace in which nothing ever happens.
 */
static int hold(struct live *live, int back)
{
	if (unshare(CLONE_NEWNET))
		return -errno;
	live->link = bpf_link_create(live->prog_fd, LOOPBACK, BPF_XDP, NULL);
	live->netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	return setns(back, CLONE_NEWNET) ? -errno : 0;
}

void live_open(struct live *live, int prog_fd)
{
	int back = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	*live = (struct live){ .prog_fd = prog_fd, .netns = -1, .link = -1 };
	if (back < 0)
		return;
	hold(live, back);
	close(back);
}

int live_send(const struct live *live, const struct live_frame *frame,
	      unsigned int count)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->data,
		    .data_size_in = frame->len, .repeat = (int)count,
		    .flags = F_TEST_XDP_LIVE_FRAMES,
		    .batch_size = frame->batch ? frame->batch : LIVE_BATCH);

	if (!count)
		return 0;
	return bpf_prog_test_run_opts(live->prog_fd, &opts) ? -errno : 0;
}

void live_close(struct live *live)
{
	if (live->link >= 0)
		close(live->link);
	if (live->netns >= 0)
		close(live->netns);
	live->link = live->netns = -1;
}
