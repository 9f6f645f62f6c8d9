// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Running another command and reading its output. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"

#define SECONDS_MAX 10
#define WORDS_MAX 24
#define LINE_BYTES 256
#define SYSTEM_FOLDERS "/usr/local/sbin:/usr/sbin:/sbin"

/* A user's PATH often lacks the folders that ip and tc are in. */
static int extend_path(void)
{
	const char *path = getenv("PATH");
	char *longer;
	int err;

	if (asprintf(&longer, "%s%s" SYSTEM_FOLDERS, path ?: "", path && *path ? ":" : "") < 0)
		return -1;
	err = setenv("PATH", longer, 1);
	free(longer);
	return err;
}

/* The new process: replace it by the command; an error goes through @fail. */
static void exec_command(const char *const argv[], int out, int fail)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;
	int err;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	/* For one that closes its output and goes on. */
	alarm(SECONDS_MAX + 1);
	if (!extend_path() && !setenv("LC_ALL", "C", 1) && null >= 0 &&
	    dup2(null, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(out, STDERR_FILENO) >= 0)
		execvp(argv[0], (char *const *)argv);
	err = errno;
	if (write(fail, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/*
 * Read up to the end of the output, and keep @size - 1 bytes. Returns 0, or
 * -ETIME when that takes too long.
 */
static int read_all(int fd, char *out, size_t size)
{
	double left, end = monotonic_now() + SECONDS_MAX;
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char rest[512];
	size_t len = 0;
	ssize_t got;
	int err = 0;

	for (;;) {
		left = end - monotonic_now();
		if (left <= 0) {
			err = -ETIME;
			break;
		}
		if (poll(&wait, 1, (int)(left * 1000) + 1) <= 0)
			continue;
		if (len < size - 1)
			got = read(fd, out + len, size - 1 - len);
		else
			got = read(fd, rest, sizeof(rest));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		if (len < size - 1)
			len += (size_t)got;
	}
	out[len] = '\0';
	return err;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : COMMAND_SIGNAL + WTERMSIG(status);
}

int command_run(const char *const argv[], char *out, size_t size)
{
	int output[2], fail[2], err = 0, status, late;
	pid_t pid;

	*out = '\0';
	if (pipe2(output, O_CLOEXEC))
		return -errno;
	if (pipe2(fail, O_CLOEXEC)) {
		err = -errno;
		goto close_output;
	}
	pid = fork();
	if (pid < 0) {
		err = -errno;
		goto close_fail;
	}
	if (!pid)
		exec_command(argv, output[1], fail[1]);
	close(output[1]);
	close(fail[1]);
	late = read_all(output[0], out, size);
	/* It leads a process group: what it has started is in it. */
	if (late)
		kill(-pid, SIGKILL);
	if (read(fail[0], &err, sizeof(err)) != sizeof(err))
		err = 0;
	close(output[0]);
	close(fail[0]);
	status = wait_for(pid);
	if (late)
		return late;
	return err ? -err : status;

close_fail:
	close(fail[0]);
	close(fail[1]);
close_output:
	close(output[0]);
	close(output[1]);
	return err;
}

int command_run_line(const char *command, char *out, size_t size)
{
	const char *argv[WORDS_MAX + 1] = { NULL };
	char line[LINE_BYTES], *word, *rest = line;
	int n = 0;

	*out = '\0';
	if (strlen(command) >= sizeof(line))
		return -E2BIG;
	strcpy(line, command);
	while ((word = strtok_r(rest, " ", &rest)) != NULL) {
		if (n == WORDS_MAX)
			return -E2BIG;
		argv[n++] = word;
	}
	return n ? command_run(argv, out, size) : -EINVAL;
}
