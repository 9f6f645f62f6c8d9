// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A load: its packet, the threads that run the program on it, and their sum. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#include "clock.h"
#include "load.h"
#include "packets/packet.h"

#define TURN_MAX 256 /* packets on a CPU before the next one's turn */
#define TICK 0.001 /* seconds: packets that are due by then are run at once */
#define PAUSE_MAX 0.05
#define NS_PER_SECOND 1e9
#define SPORT 1024
#define DPORT 9
#define TTL 64

/* A thread, the CPUs it goes to, and its share of the load. */
struct producer {
	struct load *load;
	pthread_t thread;
	unsigned int first, cpus; /* indexes in load->cpus */
	double rate; /* 0: as fast as it goes */
	double limit; /* packets; 0: none */
	double sent, ns;
	int err;
};

/* A UDP packet of @len bytes, between addresses for documentation (RFC 5737). */
static void build_frame(unsigned char *frame, unsigned int len)
{
	struct packet_ends ends = { 0 };
	size_t data = len - FRAME_MIN;

	netif_parse_addr("192.0.2.1", &ends.src);
	netif_parse_addr("198.51.100.1", &ends.dst);
	memset(frame, 0, len);
	frame += packet_put_eth(frame, &ends, 0);
	frame += packet_put_ip(frame, &ends, IPPROTO_UDP, TTL, PACKET_UDP_HEAD + data);
	packet_put_udp(frame, &ends, SPORT, DPORT, data);
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

/*
 * Packets due at @now, for one turn at most. The rate is a line over time, so
 * what a sleep that took too long has put off is made up for.
 */
static unsigned int packets_due(const struct producer *p, double now)
{
	double n = TURN_MAX;

	if (p->rate)
		n = least(n, (now - p->load->started) * p->rate + 1 - p->sent);
	if (p->limit)
		n = least(n, p->limit - p->sent);
	return n < 1 ? 0 : (unsigned int)n;
}

static void sleep_until_due(const struct producer *p, double now)
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

/* The thread. */
static void *produce(void *arg)
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
		n = packets_due(p, now);
		if (n)
			p->err = run_turn(p, turn++, n);
		else
			sleep_until_due(p, now);
	}
	__atomic_sub_fetch(&load->running, 1, __ATOMIC_RELEASE);
	return NULL;
}

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
	/* The first one runs what cannot be divided; without a share there is no thread. */
	if (!i)
		p->limit += opts->count % (unsigned int)threads;
	if (opts->count && !p->limit)
		return 0;
	__atomic_add_fetch(&load->running, 1, __ATOMIC_RELAXED);
	err = pthread_create(&p->thread, NULL, produce, p);
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
	build_frame(load->frame, opts->frame);
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
	if (sum->events)
		sum->ns /= (double)sum->events;
	live_close(&load->live);
	free(load->producers);
	return err;
}
