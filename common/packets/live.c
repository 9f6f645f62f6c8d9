// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Live frames: BPF_PROG_RUN whose packets leave. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "linux_compat.h"
#include "log.h"
#include "packets/live.h"

#define LOOPBACK 1 /* its interface index in every namespace */
#define OWN_NAMESPACE "/proc/thread-self/ns/net"

/*
 * The kernel calls programs that are attached through a table of direct jumps.
 * A program that is run more than once is put into it and taken out again,
 * which means waiting for all CPUs, twice: some 25 ms, asleep. For one that is
 * in the table anyway nobody waits. So it is attached, for as long as this
 * takes, to the loopback of a namespace in which nothing ever happens.
 */
static int hold(struct live *live, int back)
{
	int fd;

	if (unshare(CLONE_NEWNET))
		return -errno;
	fd = bpf_link_create(live->prog_fd, LOOPBACK, BPF_XDP, NULL);
	live->link = fd > 0 ? fd : 0;
	fd = open(OWN_NAMESPACE, O_RDONLY | O_CLOEXEC);
	live->netns = fd > 0 ? fd : 0;
	return setns(back, CLONE_NEWNET) ? -errno : 0;
}

void live_open(struct live *live, int prog_fd)
{
	int back = open(OWN_NAMESPACE, O_RDONLY | O_CLOEXEC);

	*live = (struct live){ .prog_fd = prog_fd };
	if (back < 0)
		return;
	if (hold(live, back))
		pr_debug("cannot hold the program in the kernel's table: %s", strerror(errno));
	close(back);
}

int live_send(const struct live *live, const struct live_frame *frame, unsigned int count)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->data, .data_size_in = frame->len,
		    .repeat = (int)count, .flags = BPF_F_TEST_XDP_LIVE_FRAMES,
		    .batch_size = frame->batch ? frame->batch : LIVE_BATCH);

	if (!count)
		return 0;
	return bpf_prog_test_run_opts(live->prog_fd, &opts) ? -errno : 0;
}

void live_close(struct live *live)
{
	if (live->link)
		close(live->link);
	if (live->netns)
		close(live->netns);
	*live = (struct live){ 0 };
}
