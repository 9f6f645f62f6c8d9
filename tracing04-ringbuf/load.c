// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The load: how it is shared out among threads, and their sum. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdlib.h>

#include "producer.h"
#include "stats.h"

static int start_producer(struct load *load, int i, int threads)
{
	const struct events_opts *opts = load->opts;
	struct producer *p = &load->producers[i];
	int err;

	*p = (struct producer){
		.load = load,
		.first = (unsigned int)i,
		.cpus = threads == 1 ? load->cpus.count : 1,
		.rate = opts->max ? 0 : (double)opts->rate / threads,
		.limit = opts->count / (unsigned int)threads,
	};
	/* What cannot be divided the first one does; nothing is no share. */
	if (!i)
		p->limit += opts->count % (unsigned int)threads;
	if (opts->count && !p->limit)
		return 0;
	__atomic_add_fetch(&load->running, 1, __ATOMIC_RELAXED);
	err = pthread_create(&p->thread, NULL, producer_run, p);
	if (!err)
		load->count++;
	return -err;
}

/* The CPUs that this process may use. */
static int find_cpus(struct cpus *cpus)
{
	unsigned int cpu;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return -errno;
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus->cpu[cpus->count++] = cpu;
	return 0;
}

int load_start(struct load *load, int prog_fd, const struct events_opts *opts)
{
	int threads, i, err = find_cpus(&load->cpus);

	load->opts = opts;
	load_frame(load->frame, opts->frame);
	live_open(&load->live, prog_fd);
	threads = opts->at_once ? (int)load->cpus.count : 1;
	load->producers = calloc((size_t)threads, sizeof(*load->producers));
	if (!err && !load->producers)
		err = -ENOMEM;
	load->started = monotonic_now();
	for (i = 0; !err && i < threads; i++)
		err = start_producer(load, i, threads);
	return err;
}

bool load_is_over(const struct load *load)
{
	return !__atomic_load_n(&load->running, __ATOMIC_ACQUIRE);
}

int load_end(struct load *load, struct load_sum *sum)
{
	int i, err = 0;

	*sum = (struct load_sum){ 0 };
	__atomic_store_n(&load->stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < load->count; i++) {
		const struct producer *p = &load->producers[i];

		pthread_join(p->thread, NULL);
		sum->events += (unsigned long long)p->sent;
		sum->ns += p->ns;
		err = err ? err : p->err;
	}
	sum->seconds = monotonic_now() - load->started;
	if (sum->events)
		sum->ns /= (double)sum->events;
	live_close(&load->live);
	free(load->producers);
	return err;
}
