// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The process that sends: live frames, on one CPU, until it is ended. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rate.h"
#include "log.h"

#define MANY 1000000000

/* Ends with the number of an error. */
static void send_frames(const struct rate_case *one, const struct rate_lab *lab)
{
	const struct live_frame frame = { .data = one->frame, .len = RATE_FRAME_LEN };
	int err = 0;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(lab->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(errno);
	while (!err)
		err = live_send(&one->live, &frame, MANY);
	_exit(-err);
}

int rate_send_start(const struct rate_case *one, const struct rate_lab *lab, pid_t *pid)
{
	pid_t parent = getpid();

	*pid = fork();
	if (!*pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			send_frames(one, lab);
		_exit(1);
	}
	if (*pid > 0)
		return 0;
	pr_err("cannot start to send: %s", strerror(errno));
	return -EIO;
}

int rate_send_stop(const struct rate_case *one, pid_t pid)
{
	int status = 0;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status))
		return 0;
	pr_err("cannot send the frames of '%s': %s", one->name, strerror(WEXITSTATUS(status)));
	return -EIO;
}
