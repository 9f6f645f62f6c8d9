// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A process that sends at a fixed rate, 64 frames at a time. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "sock.h"
#include "log.h"

double sock_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Ends with the number of an error. */
static void send_paced(const struct rate_case *one, const struct rate_lab *lab, double pps)
{
	const struct live_frame frame = { .data = one->frame, .len = RATE_FRAME_LEN };
	double due = sock_now();
	cpu_set_t set;
	int err = 0;

	CPU_ZERO(&set);
	CPU_SET(lab->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(errno);
	while (!err) {
		err = live_send(&one->live, &frame, LIVE_BATCH);
		due += LIVE_BATCH / pps;
		/* Who was kept waiting does not catch up. */
		if (due < sock_now())
			due = sock_now();
		while (sock_now() < due)
			;
	}
	_exit(-err);
}

int sock_send_start(const struct rate_case *one, const struct rate_lab *lab, double pps, pid_t *pid)
{
	pid_t parent = getpid();

	if (pps <= 0)
		return rate_send_start(one, lab, pid);
	*pid = fork();
	if (!*pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			send_paced(one, lab, pps);
		_exit(1);
	}
	if (*pid > 0)
		return 0;
	pr_err("cannot start to send: %s", strerror(errno));
	return -EIO;
}
