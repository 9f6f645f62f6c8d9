// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A command that asks, and what it reports. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ping.h"
#include "sock.h"
#include "log.h"

#define PATIENCE 30 /* seconds more than a round: then it hangs */
#define ARGS 20

/* Cuts @words at blanks. */
static void split(char *words, const char *count, const char *argv[ARGS])
{
	int n = 0;
	char *word;

	while ((word = strsep(&words, " ")) && n < ARGS - 4)
		argv[n++] = word;
	argv[n++] = "-c";
	argv[n++] = count;
	argv[n++] = PING_FAR;
	argv[n] = NULL;
}

/* The new process, on its CPU, up to its new program. */
static void become(const struct ping_bench *bench, const struct ping_row *row, unsigned int count,
		   int out)
{
	bool own = row->read == ping_read_own;
	const char *argv[ARGS];
	char number[16], words[128];
	cpu_set_t set;

	snprintf(number, sizeof(number), "%u", count);
	snprintf(words, sizeof(words), "%s", row->command);
	split(words, number, argv);
	CPU_ZERO(&set);
	CPU_SET(bench->cpu, &set);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(PATIENCE + 4 * (unsigned int)bench->seconds);
	if (!sock_hide_pins() && !sched_setaffinity(0, sizeof(set), &set) &&
	    !setenv("LC_ALL", "C", 1) && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(out, STDERR_FILENO) >= 0)
		execvp(own ? bench->command : argv[0], (char *const *)argv);
	dprintf(out, "error: cannot run '%s': %s\n", argv[0], strerror(errno));
	_exit(1);
}

/* All that it says; the last line is what a failure is explained with. */
static void listen_to(FILE *out, const struct ping_row *row, struct ping_figures *at,
		      char said[256])
{
	char *line = NULL;
	size_t size = 0;

	said[0] = '\0';
	while (getline(&line, &size, out) > 0) {
		row->read(at, line);
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			snprintf(said, 256, "%s", line);
	}
	free(line);
}

static int judge(const struct ping_row *row, unsigned int count, const struct ping_figures *at,
		 const char *said)
{
	if (at->mpps < 0)
		pr_err("cannot measure '%s': it said: %s", row->name, *said ? said : "nothing");
	else if (at->lost >= count)
		pr_err("cannot measure '%s': no request is answered", row->name);
	else
		return 0;
	return -EIO;
}

/* What has come back, for one that does not know. */
static int count_answers(const struct ping_bench *bench, __u64 before, unsigned int count,
			 struct ping_figures *at)
{
	__u64 after;

	if (rate_count_port(&bench->send, &after)) {
		pr_err("cannot count: no '%s'", bench->send.dev.name);
		return -EIO;
	}
	if (at->mpps < 0)
		return 0;
	after -= before;
	at->lost = after < count ? (double)(count - after) : 0;
	at->mpps *= 1 - at->lost / count;
	return 0;
}

int ping_child_run(const struct ping_bench *bench, const struct ping_row *row, unsigned int count,
		   struct ping_figures *at)
{
	char said[256];
	__u64 before = 0;
	int ends[2], err = 0;
	FILE *out;
	pid_t pid;

	*at = (struct ping_figures){ -1, -1, -1, -1, -1, -1 };
	if (row->counts)
		rate_count_port(&bench->send, &before);
	if (pipe2(ends, O_CLOEXEC))
		goto fail;
	pid = fork();
	if (!pid)
		become(bench, row, count, ends[1]);
	close(ends[1]);
	out = fdopen(ends[0], "r");
	if (pid < 0 || !out)
		goto fail;
	listen_to(out, row, at, said);
	fclose(out);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (row->counts)
		err = count_answers(bench, before, count, at);
	return err ? err : judge(row, count, at, said);
fail:
	pr_err("cannot start '%s': %s", row->command, strerror(errno));
	return -EIO;
}
