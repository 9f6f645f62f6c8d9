/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a debug build ends: seen in a child process. */
#ifndef TESTS_DIES_H
#define TESTS_DIES_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* @act aborts, and says @line before it does. */
static inline void dies(void (*act)(void), const char *line, const char *name)
{
	char said[512] = "";
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	fflush(stdout);
	if (pipe(ends))
		abort();
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDERR_FILENO);
		act();
		_exit(0);
	}
	close(ends[1]);
	n = read(ends[0], said, sizeof(said) - 1);
	close(ends[0]);
	if (pid < 0 || n < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	if (!ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
			!strncmp(said, line, strlen(line)),
		name))
		printf("# status %#x; it said: %s\n", (unsigned int)status, said);
}

#endif /* TESTS_DIES_H */
