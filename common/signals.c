// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* SIGINT, SIGTERM and SIGHUP, held back and collected. */
#include <errno.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <time.h>

#include "signals.h"

#define NS_PER_SECOND 1000000000.0

static const int ours[] = { SIGINT, SIGTERM, SIGHUP };

/* Those of them that are not ignored, as nohup(1) has it with SIGHUP. */
static void fill(sigset_t *set)
{
	struct sigaction now;
	size_t i;

	sigemptyset(set);
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (!sigaction(ours[i], NULL, &now) && now.sa_handler != SIG_IGN)
			sigaddset(set, ours[i]);
}

int signals_hold(sigset_t *old)
{
	sigset_t set;

	fill(&set);
	return sigprocmask(SIG_BLOCK, &set, old) ? -errno : 0;
}

bool signals_pending(void)
{
	sigset_t set, waiting;
	size_t i;

	fill(&set);
	if (sigpending(&waiting))
		return false;
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (sigismember(&set, ours[i]) == 1 && sigismember(&waiting, ours[i]) == 1)
			return true;
	return false;
}

bool signals_wait(double seconds)
{
	struct timespec time = { .tv_sec = (time_t)seconds };
	sigset_t set;

	time.tv_nsec = (long)((seconds - (double)time.tv_sec) * NS_PER_SECOND);
	fill(&set);
	return sigtimedwait(&set, NULL, &time) > 0;
}

int signals_fd(void)
{
	sigset_t set;
	int fd;

	fill(&set);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

void signals_restore(const sigset_t *old)
{
	while (signals_pending())
		if (!signals_wait(0))
			break;
	sigprocmask(SIG_SETMASK, old, NULL);
}
