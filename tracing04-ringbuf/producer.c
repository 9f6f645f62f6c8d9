// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A thread that runs the program, at a rate. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <bpf/bpf.h>

#include "producer.h"
#include "stats.h"

#define TURN_MAX 256 /* packets on a CPU, then another one has its turn */
#define TICK 0.001 /* seconds: what is due is run then, all at once */
#define PAUSE_MAX 0.05
#define NS_PER_SECOND 1e9

static double least(double a, double b)
{
	return a < b ? a : b;
}

/*
 * What is due at @now, of a turn's length at most. A line over time: what a
 * sleep that took too long has put off is made up for.
 */
static unsigned int due(const struct producer *p, double now)
{
	double n = TURN_MAX;

	if (p->rate)
		n = least(n, (now - p->load->started) * p->rate + 1 - p->sent);
	if (p->limit)
		n = least(n, p->limit - p->sent);
	return n < 1 ? 0 : (unsigned int)n;
}

static void rest(const struct producer *p, double now)
{
	double wait = p->load->started + p->sent / p->rate - now;
	struct timespec pause;

	wait = least(wait > TICK ? wait : TICK, PAUSE_MAX);
	pause = (struct timespec){ .tv_nsec = (long)(wait * NS_PER_SECOND) };
	nanosleep(&pause, NULL);
}

/* Run the program on @n packets, on the next CPU. Returns 0 or -errno. */
static int run_turn(struct producer *p, unsigned int turn, unsigned int n)
{
	struct load *load = p->load;
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = load->frame,
		    .data_size_in = load->opts->frame, .repeat = (int)n);
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(load->cpus.cpu[p->first + turn % p->cpus], &set);
	if (pthread_setaffinity_np(pthread_self(), sizeof(set), &set))
		return -EINVAL;
	if (bpf_prog_test_run_opts(load->live.prog_fd, &run))
		return -errno;
	p->sent += n;
	p->ns += (double)run.duration * n;
	return 0;
}

void *producer_run(void *arg)
{
	struct producer *p = arg;
	struct load *load = p->load;
	unsigned int n, turn = 0;
	double now, end = load->opts->duration;

	end = end ? load->started + end : 0;
	while (!p->err && !__atomic_load_n(&load->stop, __ATOMIC_RELAXED)) {
		now = monotonic_now();
		if ((end && now >= end) || (p->limit && p->sent >= p->limit))
			break;
		n = due(p, now);
		if (n)
			p->err = run_turn(p, turn++, n);
		else
			rest(p, now);
	}
	__atomic_sub_fetch(&load->running, 1, __ATOMIC_RELEASE);
	return NULL;
}
