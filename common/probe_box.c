// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A probe's process, and what it says. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "probe_box.h"
#include "tool.h"

#define PROBE_SECONDS 30 /* enough for two tools that hang */
#define TOOL_REFUSED 2 /* the kernel, says iproute2; 1: wrong words */

/* What comes back through the pipe. */
struct answer {
	int verdict;
	char reason[PROBE_REASON_MAX];
};

int probe_lacks(struct probe_box *box, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(box->reason, sizeof(box->reason), fmt, args);
	va_end(args);
	return 0;
}

int probe_cannot(struct probe_box *box, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(box->reason, sizeof(box->reason), fmt, args);
	va_end(args);
	return err;
}

/*
 * The child: signals, limits and messages as a probe wants them, and it does
 * not outlive its parent. Kernels before 5.11 count BPF memory as locked.
 */
static void settle(pid_t parent)
{
	static const int fatal[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGCHLD };
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		signal(fatal[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	alarm(PROBE_SECONDS);
	setrlimit(RLIMIT_MEMLOCK, &all);
	log_init(LOG_LEVEL_ERR);
}

static void child(const struct probe *probe, pid_t parent, int fd)
{
	struct probe_box box = { .map_fd = -1 };
	struct answer answer = { 0 };

	settle(parent);
	answer.verdict = probe->attempt(&box);
	memcpy(answer.reason, box.reason, sizeof(answer.reason));
	/* _exit: what the parent has not yet printed is not ours to print. */
	_exit(write(fd, &answer, sizeof(answer)) != sizeof(answer));
}

static void collect(pid_t pid, int fd, struct answer *answer)
{
	int status = 0;
	ssize_t got;

	do
		got = read(fd, answer, sizeof(*answer));
	while (got < 0 && errno == EINTR);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (got == sizeof(*answer))
		return;
	answer->verdict = -ECHILD;
	snprintf(answer->reason, sizeof(answer->reason),
		 WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ?
			 "the attempt took too long" :
			 "the attempt died (signal %d)",
		 WTERMSIG(status));
}

int probe_box_run(const struct probe *probe, char *reason, size_t size)
{
	struct answer answer = { 0 };
	pid_t pid, parent = getpid();
	int fds[2], err;

	if (pipe2(fds, O_CLOEXEC)) {
		err = -errno;
		snprintf(reason, size, "%s", strerror(-err));
		return err;
	}
	pid = fork();
	if (!pid) {
		close(fds[0]);
		child(probe, parent, fds[1]);
	}
	err = pid < 0 ? -errno : 0;
	close(fds[1]);
	if (err) {
		snprintf(answer.reason, sizeof(answer.reason), "%s", strerror(-err));
		answer.verdict = err;
	} else {
		collect(pid, fds[0], &answer);
	}
	close(fds[0]);
	snprintf(reason, size, "%s", answer.verdict > 0 ? "" : answer.reason);
	return answer.verdict;
}

int probe_sys(struct probe_box *box)
{
	if (!access("/sys/kernel", F_OK))
		return 1;
	return probe_cannot(box, -errno, "/sys is not mounted");
}

int probe_tool(struct probe_box *box, const char *command)
{
	char said[PROBE_REASON_MAX];
	const char *text = said;
	int status = tool_run_line(command, said, sizeof(said));

	if (!status)
		return 1;
	if (status < 0)
		return probe_cannot(box, status, "cannot run '%.*s': %s",
				    (int)strcspn(command, " "), command, strerror(-status));
	if (status > TOOL_SIGNAL)
		return probe_cannot(box, -EIO, "'%s' was ended by signal %d", command,
				    status - TOOL_SIGNAL);
	if (!strncmp(text, "Error: ", strlen("Error: ")))
		text += strlen("Error: ");
	return probe_cannot(box, status == TOOL_REFUSED ? 0 : -EIO, "'%s' says: %.*s", command,
			    (int)strcspn(text, "\n"), text);
}
