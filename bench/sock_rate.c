// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Frames a second, and the processor time that they take. */
#include "sock.h"

#define WARM 2 /* reports */

int sock_measure_case(struct sock_bench *bench, struct sock_row *row, unsigned int round)
{
	struct rate_case *one = &bench->rates.cases[row->who];
	int err = rate_measure(&bench->rates, one, round);

	row->at[round].mpps = one->rates[round];
	row->at[round].lost = one->lost[round];
	return err;
}

/* While frames come: from one report to another. */
static int watch(const struct sock_bench *bench, struct sock_child *child,
		 const struct sock_row *row, struct sock_figures *at)
{
	struct sock_child first;
	double cpu, seconds;
	int i, err = 0;

	for (i = 0; !err && i < WARM; i++)
		err = sock_child_report(child);
	first = *child;
	seconds = sock_now();
	cpu = sock_child_cpu(child);
	while (!err && child->seconds - first.seconds < bench->rates.seconds)
		err = sock_child_report(child);
	if (err)
		return err;
	at->cpu = 100 * (sock_child_cpu(child) - cpu) / (sock_now() - seconds);
	at->mpps = row->drop ? (double)(child->received - first.received) :
			       (double)(child->sent - first.sent);
	at->mpps /= (child->seconds - first.seconds) * 1e6;
	return 0;
}

/* What came in and did not get to the socket, or got there and not back. */
static void account(const struct sock_child *child, const struct sock_row *row,
		    const struct rate_count *from, const struct rate_count *to,
		    struct sock_figures *at)
{
	double came = (double)(to->received - from->received);
	double back = (double)(to->arrived - from->arrived);
	double taken = (double)child->received;

	at->lost = came > taken ? 100 * (came - taken) / came : 0;
	if (row->drop)
		return;
	/* Both what it says and what has arrived. */
	if (back > (double)child->sent)
		back = (double)child->sent;
	at->left = taken - back;
}

static int measure(struct sock_bench *bench, struct sock_row *row, unsigned int round, double pps)
{
	struct rate_lab *lab = &bench->rates.lab;
	struct rate_case *one = &bench->rates.cases[SOCK_BY_TX];
	struct rate_count from, to;
	struct sock_child child = { 0 };
	int err, stopped;
	pid_t pid;

	err = rate_ends_attach(&lab->recv, -1);
	if (!err)
		err = rate_count(lab, one, 0, &from);
	if (err)
		return err;
	err = sock_child_start(&child, bench, row);
	if (!err)
		err = sock_send_start(one, lab, pps, &pid);
	if (err)
		return sock_child_stop(&child, err);
	err = watch(bench, &child, row, &row->at[round]);
	stopped = rate_send_stop(one, pid);
	err = sock_child_stop(&child, err ? err : stopped);
	if (!err)
		err = rate_count(lab, one, 0, &to);
	if (!err)
		account(&child, row, &from, &to, &row->at[round]);
	return err;
}

int sock_measure_rate(struct sock_bench *bench, struct sock_row *row, unsigned int round)
{
	return measure(bench, row, round, 0);
}

int sock_measure_cpu(struct sock_bench *bench, struct sock_row *row, unsigned int round)
{
	return measure(bench, row, round, SOCK_CPU_PPS);
}
