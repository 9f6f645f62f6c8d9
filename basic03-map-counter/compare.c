// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* One thread on each CPU, all running one program at the same time. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "compare.h"

#define PACKET_SIZE 64

/* What one thread does: run the program on its CPU. */
struct worker {
	pthread_t thread;
	int cpu, prog_fd, err;
	unsigned int repeat;
	unsigned int ns; /* for each packet, as the kernel measured it */
};

static void *work(void *arg)
{
	struct worker *worker = arg;
	unsigned char packet[PACKET_SIZE] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = (int)worker->repeat);
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(worker->cpu, &cpus);
	pthread_setaffinity_np(pthread_self(), sizeof(cpus), &cpus);
	if (bpf_prog_test_run_opts(worker->prog_fd, &run))
		worker->err = -errno;
	worker->ns = run.duration;
	return NULL;
}

int compare_run(int prog_fd, unsigned int repeat, struct compare_run *run)
{
	static struct worker workers[CPU_SETSIZE];
	int n = 0, cpu, i, err = 0;
	cpu_set_t cpus;

	*run = (struct compare_run){ 0 };
	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		return -errno;
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &cpus))
			continue;
		workers[n] = (struct worker){ .cpu = cpu, .prog_fd = prog_fd, .repeat = repeat };
		err = -pthread_create(&workers[n].thread, NULL, work, &workers[n]);
		if (err)
			break;
		n++;
	}
	for (i = 0; i < n; i++) {
		pthread_join(workers[i].thread, NULL);
		err = err ? err : workers[i].err;
		run->ns += (double)workers[i].ns / n;
		run->packets += repeat;
	}
	return err;
}
