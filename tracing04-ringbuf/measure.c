// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * A load through each way: its packet, and the threads that run the program on it;
 * what became of its events, and the table of that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "clock.h"
#include "cpus.h"
#include "events.h"
#include "json.h"
#include "log.h"
#include "packets/live.h"
#include "packets/packet.h"
#include "probe/probe.h"
#include "reader.h"
#include "signals.h"

#define TURN_MAX 256 /* packets on a CPU before the next one's turn */
#define TICK 0.001 /* seconds: packets that are due by then are run at once */
#define PAUSE_MAX 0.05
#define SPORT 1024
#define DPORT 9
#define TTL 64
#define KIB 1024
#define NS_PER_SECOND 1000000000ULL
#define NS_PER_MS 1000000
#define NS_PER_US 1000
#define PERCENT 100

struct producer;

/* Packets for the program, by BPF_PROG_RUN, on one CPU after another. Zeroed at first. */
struct load {
	const struct events_opts *opts;
	struct live live;
	unsigned char frame[FRAME_MAX];
	struct cpus cpus; /* those that this process may use */
	struct producer *producers; /* the threads */
	int count; /* of them */
	bool stop; /* read and written atomically, as the next one */
	int running;
	double started; /* seconds on the monotonic clock */
};

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

/* What has been run of a load. */
struct load_sum {
	unsigned long long events;
	double ns; /* that the program needed for one */
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

/*
 * Run program @prog_fd as @opts says, in threads of their own: one that goes
 * from CPU to CPU, so that all packets have one order, or one on each. Returns 0 or
 * -errno. To be ended with end_load(), also after an error.
 */
static int start_load(struct load *load, int prog_fd, const struct events_opts *opts)
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

/* Whether all of it has been run. */
static bool load_is_over(const struct load *load)
{
	return !__atomic_load_n(&load->running, __ATOMIC_ACQUIRE);
}

/* Stop it, and store what was run. Returns 0, or the -errno of a thread. */
static int end_load(struct load *load, struct load_sum *sum)
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

/* What was measured of one way. */
struct measured {
	const struct way *way;
	struct load_sum load;
	struct event_counts counts; /* of the program */
	struct tally tally; /* of the reader */
	unsigned long long wakeups, memory;
	double cpu; /* % of one that the reader has used */
	double seconds; /* in all */
	unsigned int cpus; /* that the load ran on */
};

static double latency_us(const struct tally *tally)
{
	return tally->measured ? tally->ns / (double)tally->measured / NS_PER_US : 0;
}

static void print_row(const struct measured *got, bool first)
{
	if (first)
		printf("%-13s %9s %9s %9s %8s %8s %6s %6s %9s\n", "way", "events", "lost",
		       "disorder", "wakeups", "memory", "CPU", "ns", "latency");
	printf("%-13s %9llu %9llu %9llu %8llu %4llu KiB %4.1f %% %6.0f %6.0f us\n", got->way->name,
	       (unsigned long long)got->counts.produced, (unsigned long long)got->counts.lost,
	       got->tally.out_of_order, got->wakeups, got->memory / KIB, got->cpu, got->load.ns,
	       latency_us(&got->tally));
}

static void print_json(const struct measured *got)
{
	unsigned long long now = wall_clock_ns();
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	json_member(&json, "time", "%llu.%03llu", now / NS_PER_SECOND,
		    now % NS_PER_SECOND / NS_PER_MS);
	json_text(&json, "way", got->way->name);
	json_text(&json, "program", got->way->prog);
	json_member(&json, "period", "%.3f", got->seconds);
	json_member(&json, "cpus", "%u", got->cpus);
	json_member(&json, "packets", "%llu", got->load.events);
	json_member(&json, "events", "%llu", (unsigned long long)got->counts.produced);
	json_member(&json, "received", "%llu", got->tally.received);
	json_member(&json, "lost", "%llu", (unsigned long long)got->counts.lost);
	json_member(&json, "out_of_order", "%llu", got->tally.out_of_order);
	json_member(&json, "wakeups", "%llu", got->wakeups);
	json_member(&json, "memory", "%llu", got->memory);
	json_member(&json, "cpu", "%.2f", got->cpu);
	json_member(&json, "ns", "%.0f", got->load.ns);
	json_member(&json, "latency", "%.1f", latency_us(&got->tally));
	json_close(&json);
}

static void count_event(void *ctx, const struct event *event, const unsigned char *bytes)
{
	struct measured *got = ctx;

	(void)bytes;
	tally_add(&got->tally, event);
}

/* Read until the load is over, or a signal comes. */
static int read_all(struct reader *reader, const struct load *load, const struct events_opts *opts)
{
	int err = 0;

	while (!err && !load_is_over(load) && !signals_pending())
		err = reader_next(reader, opts);
	return err;
}

/* Run the load through the loaded program @prog_fd, and read its events. */
static int run_load(struct measured *got, struct reader *reader, int prog_fd,
		    const struct events_opts *opts)
{
	uint64_t started = monotonic_ns(), cpu = thread_cpu_ns(), period;
	struct load load = { 0 };
	int err, failed;

	err = start_load(&load, prog_fd, opts);
	if (!err)
		err = read_all(reader, &load, opts);
	failed = end_load(&load, &got->load);
	/* The program does not run any more: the last event is among these. */
	if (!err && !failed)
		err = reader_drain(reader);
	period = monotonic_ns() - started;
	got->seconds = (double)period / NS_PER_SECOND;
	got->cpu = (double)(thread_cpu_ns() - cpu) / (double)period * PERCENT;
	got->cpus = load.cpus.count;
	err = probe_explain("prog_run", failed ? failed : err);
	if (!err || err == PROBE_UNSUPPORTED)
		return err;
	pr_err("cannot run '%s': %s", got->way->prog, strerror(-err));
	return -ENOEXEC;
}

static int measure_way(struct measured *got, const struct events_opts *opts)
{
	const struct attach_opts own = { 0 };
	struct reader reader = { .on_event = count_event, .ctx = got };
	struct attach at = { 0 };
	struct bpf_program *prog;
	int err;

	err = attach_open(&at, &own, got->way->object, got->way->prog);
	if (!err)
		err = reader_prepare(at.obj, got->way, opts);
	if (!err)
		err = attach_load_only(&at, &prog);
	if (!err)
		err = reader_open(&reader, at.obj, got->way, opts);
	if (!err)
		err = run_load(got, &reader, bpf_program__fd(prog), opts);
	if (!err)
		got->counts = reader_counts(at.obj);
	got->wakeups = reader.wakeups;
	got->memory = reader.memory;
	reader_close(&reader);
	attach_close(&at);
	return err;
}

/* Whether this kernel has what @way needs. Returns 1, 0 or -errno. */
static int is_supported(const struct way *way, bool must)
{
	char reason[PROBE_REASON_MAX];
	int err;

	if (must) {
		err = probe_require(way->feature);
		return err ? err : 1;
	}
	err = probe_feature(way->feature, reason, sizeof(reason));
	if (err)
		return 1; /* if something else is wrong, loading reports it */
	pr_info("'%s' is left out: this kernel has no '%s' (%s)", way->name, way->feature, reason);
	return 0;
}

int measure_ways(const struct way *const *ways, int count, const struct events_opts *opts,
		 bool must)
{
	sigset_t signals;
	bool first = true;
	int i, err = 0;

	signals_hold(&signals);
	for (i = 0; !err && i < count && !signals_pending(); i++) {
		struct measured got = { .way = ways[i] };

		err = is_supported(ways[i], must);
		if (err <= 0)
			continue;
		err = measure_way(&got, opts);
		if (!err) {
			if (opts->json)
				print_json(&got);
			else
				print_row(&got, first);
			err = output_flush();
		}
		first = false;
	}
	if (!err && first && !signals_pending())
		err = PROBE_UNSUPPORTED; /* nothing was left, as was said */
	signals_restore(&signals);
	return err;
}
