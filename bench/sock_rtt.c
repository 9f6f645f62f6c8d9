// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Round trips of single echo requests. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "sock.h"
#include "log.h"

#define PROBES 1000 /* in a round */
#define WARM 20 /* before them */

/* Who answers none of these will not answer any. */
static int warm_up(struct sock_bench *bench)
{
	bool answered = false;
	int i, err = 0;
	double us;

	for (i = 0; !err && i < WARM; i++) {
		err = sock_probe(bench, &us);
		answered |= !err && us > 0;
	}
	if (err || answered)
		return err;
	pr_err("cannot measure round trips: no request is answered");
	return -EIO;
}

static int probe_all(struct sock_bench *bench, struct sock_figures *at)
{
	double us[PROBES], one;
	int i, n = 0, err;

	err = warm_up(bench);
	for (i = 0; !err && i < PROBES; i++) {
		err = sock_probe(bench, &one);
		if (!err && one > 0)
			us[n++] = one;
	}
	at->left = PROBES - n;
	if (err || !n)
		return err;
	at->p50 = rounds_median(us, (unsigned int)n); /* sorts them */
	at->p99 = us[n * 99 / 100];
	at->max = us[n - 1];
	return 0;
}

/* The one who asks is where frames are sent otherwise. */
static int probe_pinned(struct sock_bench *bench, struct sock_figures *at)
{
	cpu_set_t before, set;
	int err;

	CPU_ZERO(&set);
	CPU_SET(bench->rates.lab.cpu, &set);
	if (sched_getaffinity(0, sizeof(before), &before) ||
	    sched_setaffinity(0, sizeof(set), &set)) {
		pr_err("cannot stay on one CPU: %s", strerror(errno));
		return -EIO;
	}
	err = probe_all(bench, at);
	sched_setaffinity(0, sizeof(before), &before);
	return err;
}

static int probe_child(struct sock_bench *bench, struct sock_row *row, struct sock_figures *at)
{
	struct sock_child child;
	double cpu, seconds;
	int err;

	err = rate_ends_attach(&bench->rates.lab.recv, -1);
	if (err)
		return err;
	err = sock_child_start(&child, bench, row);
	cpu = sock_child_cpu(&child);
	seconds = sock_now();
	if (!err)
		err = probe_pinned(bench, at);
	at->cpu = 100 * (sock_child_cpu(&child) - cpu) / (sock_now() - seconds);
	return sock_child_stop(&child, err);
}

int sock_measure_rtt(struct sock_bench *bench, struct sock_row *row, unsigned int round)
{
	struct rate_lab *lab = &bench->rates.lab;
	struct sock_figures *at = &row->at[round];
	int err = rate_ends_attach(&lab->send, bench->pass_fd);

	if (err)
		return err;
	if (row->who < SOCK_CASES) {
		err = rate_ends_attach(&lab->recv, bench->rates.cases[row->who].fd);
		if (!err)
			err = probe_pinned(bench, at);
	} else {
		err = probe_child(bench, row, at);
	}
	return err ? err : rate_ends_attach(&lab->send, lab->drop_fd);
}
