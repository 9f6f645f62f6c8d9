// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Waiting for frames to arrive. */
#include <errno.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "rate.h"

#define STEP_US 2000
#define STEPS 2500 /* five seconds: more than any machine needs */

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid == pid;
}

int rate_wait(const struct rate_lab *lab, const struct rate_case *one, pid_t sender,
	      const struct rate_count *first, __u64 frames)
{
	struct rate_count now;
	int i, err = 0;

	for (i = 0; !err && i < STEPS && !has_ended(sender); i++) {
		err = rate_count(lab, one, sender, &now);
		if (!err && now.arrived - first->arrived >= frames)
			return 0;
		usleep(STEP_US);
	}
	/* rate_send_stop() says why it has ended. */
	if (i == STEPS)
		pr_err("cannot measure '%s': of %llu frames that came in %llu arrived", one->name,
		       (unsigned long long)(now.received - first->received),
		       (unsigned long long)(now.arrived - first->arrived));
	return -EIO;
}
