// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What three counters lose, and what they cost: each is run on all CPUs at
 * once, on a packet that the kernel hands to the program again and again
 * (BPF_PROG_RUN, see testing01-prog-run). No interface is used.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"
#include "exit_status.h"
#include "log.h"
#include "options.h"
#include "probe/probe.h"

#define PACKET_SIZE 64
#define REPEAT_DEFAULT 1000000

struct compare_opts {
	unsigned int repeat;
};

static const struct option_line options[] = {
	OPTION_RANGE("repeat", 'r', "N", OPTION_UINT, struct compare_opts, repeat, 1, 100000000,
		     "packets on each CPU (default 1000000)"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Count on all CPUs at once in three ways, and compare. Here -r is short for\n"
		   "--repeat; in later lessons it is --redirect-dev, or --rate.",
	.options = options,
};

/* The programs, and the map in which each counts. */
static const struct {
	const char *title, *prog, *map;
} counters[] = {
	{ "plain", "count_plain_func", "shared_map" },
	{ "atomic", "count_atomic_func", "shared_map" },
	{ "per CPU", "count_percpu_func", "percpu_map" },
};

/* A thread that runs a program on one CPU. */
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

/* What was run on all CPUs together. */
struct total {
	unsigned long long packets;
	double ns; /* for each packet, the mean over the CPUs */
};

/* Run a program on each CPU that this process may use, all at the same time. */
static int run_everywhere(int prog_fd, unsigned int repeat, struct total *total)
{
	static struct worker workers[CPU_SETSIZE];
	int n = 0, cpu, i, err = 0;
	cpu_set_t cpus;

	*total = (struct total){ 0 };
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
		total->ns += (double)workers[i].ns / n;
		total->packets += repeat;
	}
	return err;
}

/* Read the one element of @map, the sum over all CPUs, and set it back to 0. */
static int read_and_reset(const struct bpf_map *map, unsigned long long *count)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 *values;
	__u32 key = 0;
	int err, i;

	values = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*values));
	if (!values)
		return -ENOMEM;
	err = bpf_map_lookup_elem(bpf_map__fd(map), &key, values);
	for (i = 0, *count = 0; !err && i < cpus; i++)
		*count += values[i];
	memset(values, 0, (size_t)cpus * sizeof(*values));
	if (!err)
		err = bpf_map_update_elem(bpf_map__fd(map), &key, values, BPF_ANY);
	free(values);
	return err ? -errno : 0;
}

static int compare_one(struct bpf_object *obj, size_t i, unsigned int repeat)
{
	struct bpf_program *prog;
	unsigned long long count;
	struct bpf_map *map;
	struct total total;
	int err;

	prog = bpf_object__find_program_by_name(obj, counters[i].prog);
	map = bpf_object__find_map_by_name(obj, counters[i].map);
	if (!prog || !map)
		return -ENOENT;
	err = run_everywhere(bpf_program__fd(prog), repeat, &total);
	if (!err)
		err = read_and_reset(map, &count);
	if (!err && !i)
		printf("%-10s %14s %14s %14s %10s\n", "counter", "packets", "counted", "lost",
		       "ns/packet");
	if (!err)
		printf("%-10s %14llu %14llu %14llu %10.1f\n", counters[i].title, total.packets,
		       count, total.packets - count, total.ns);
	return err;
}

int main(int argc, char **argv)
{
	struct compare_opts opts = { .repeat = REPEAT_DEFAULT };
	struct bpf_object *obj;
	char path[PATH_MAX];
	size_t i;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	obj = attach_open_object("xdp_compare_kern.o", path);
	if (!obj)
		return EXIT_FAIL_BPF;
	err = bpf_object__load(obj);
	if (err) {
		pr_err("cannot load '%s': %s", path, strerror(-err));
		bpf_object__close(obj);
		return err == -EPERM ? EXIT_FAIL : EXIT_FAIL_BPF;
	}

	for (i = 0; !err && i < sizeof(counters) / sizeof(counters[0]); i++)
		err = compare_one(obj, i, opts.repeat);
	err = probe_explain("prog_run", err);
	if (err && err != PROBE_UNSUPPORTED)
		pr_err("cannot run '%s': %s", counters[i - 1].prog, strerror(-err));
	if (!err)
		err = output_flush();
	bpf_object__close(obj);
	return probe_status(err);
}
