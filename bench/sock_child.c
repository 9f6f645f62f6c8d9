// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* af_xdp_user, started at recv, and what it reports. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sock.h"
#include "log.h"

#define INTERVAL "0.05" /* seconds between reports */
#define PATIENCE 30 /* seconds more than a round: then it hangs */

int sock_hide_pins(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -errno;
	while (!umount2("/sys/fs/bpf", MNT_DETACH))
		;
	return 0;
}

/* The new process, on its CPU, up to its new program. */
static void become(const struct sock_bench *bench, const struct sock_row *row, int out)
{
	const char *argv[12] = { "af_xdp_user", "--dev", "recv", "--json", "--interval", INTERVAL };
	const struct rate_lab *lab = &bench->rates.lab;
	cpu_set_t set;
	int n = 6;

	if (row->who == SOCK_SLEEPING)
		argv[n++] = "--poll-mode";
	if (row->drop)
		argv[n++] = "--drop";
	CPU_ZERO(&set);
	CPU_SET(lab->other_cpu, &set);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	alarm(PATIENCE + 2 * (unsigned int)bench->rates.seconds);
	if (!sock_hide_pins() && !sched_setaffinity(0, sizeof(set), &set) &&
	    dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0)
		execv(bench->command, (char *const *)argv);
	dprintf(out, "error: cannot run '%s': %s\n", bench->command, strerror(errno));
	_exit(1);
}

/* The number behind @text in a line; 0 if there is none. */
static double find(const char *line, const char *text)
{
	const char *at = strstr(line, text);

	return at ? strtod(at + strlen(text), NULL) : 0;
}

int sock_child_report(struct sock_child *child)
{
	const char *sum;

	while (getline(&child->line, &child->size, child->out) > 0) {
		sum = strstr(child->line, "\"sum\": ");
		if (!sum)
			continue;
		child->seconds += find(child->line, "\"period\": ");
		child->received = (uint64_t)find(sum, "\"rx\": {\"packets\": ");
		child->sent = (uint64_t)(find(sum, "\"tx\": {\"packets\": ") -
					 find(child->line, "\"tx_dropped\": "));
		return 0;
	}
	pr_err("cannot measure 'af_xdp_user': it said: %.*s",
	       child->line ? (int)strcspn(child->line, "\n") : 0, child->line ? child->line : "");
	return -EIO;
}

int sock_child_start(struct sock_child *child, const struct sock_bench *bench,
		     const struct sock_row *row)
{
	int ends[2];

	*child = (struct sock_child){ 0 };
	if (pipe2(ends, O_CLOEXEC))
		goto fail;
	child->pid = fork();
	if (!child->pid)
		become(bench, row, ends[1]);
	close(ends[1]);
	child->out = fdopen(ends[0], "r");
	if (child->pid > 0 && child->out)
		return sock_child_report(child);
fail:
	pr_err("cannot start 'af_xdp_user': %s", strerror(errno));
	return -EIO;
}

/* "received N packets, sent N, ...": of all the time. */
int sock_child_stop(struct sock_child *child, int err)
{
	bool told = false;

	if (child->pid > 0)
		kill(child->pid, SIGTERM);
	while (child->out && getline(&child->line, &child->size, child->out) > 0) {
		if (!strstr(child->line, "received "))
			continue;
		child->received = (uint64_t)find(child->line, "received ");
		child->sent = (uint64_t)find(child->line, "sent ");
		told = true;
	}
	if (child->out)
		fclose(child->out);
	while (child->pid > 0 && waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(child->line);
	if (err || told)
		return err;
	pr_err("cannot measure 'af_xdp_user': it did not say what it has done");
	return -EIO;
}
