// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The commands for a program that runs: stats reports its counters, list shows
 * its CPUs, and set changes them while packets flow.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cpumap.h"
#include "log.h"
#include "signals.h"
#include "xdp_cpumap.h"

static int stats(const char *folder, const struct stats_opts *opts, const struct netif *dev)
{
	sigset_t signals;
	int err;

	signals_hold(&signals);
	err = cpumap_report(folder, opts, dev, NULL);
	signals_restore(&signals);
	return err;
}

/* How many buckets each CPU has. Returns 0 or -errno. */
static int count_buckets(int fd, unsigned int *has)
{
	__u32 i, cpu;

	for (i = 0; i < BUCKETS; i++) {
		if (bpf_map_lookup_elem(fd, &i, &cpu))
			return -errno;
		if (cpu < CPUS_MAX)
			has[cpu]++;
	}
	return 0;
}

static int list(const struct cpumap *map)
{
	unsigned int has[CPUS_MAX] = { 0 };
	struct bpf_cpumap_val value;
	__u32 cpu;
	int err = count_buckets(map->buckets, has);

	if (err) {
		pr_err("cannot read 'cpu_buckets': %s", strerror(-err));
		return -ENOEXEC;
	}
	printf("%-6s %7s %8s  %s\n", "cpu", "qsize", "buckets", "program");
	for (cpu = 0; cpu < map->cpus; cpu++) {
		if (bpf_map_lookup_elem(map->queues, &cpu, &value))
			continue;
		printf("%-6u %7u %8u  ", cpu, value.qsize, has[cpu]);
		if (value.bpf_prog.id)
			printf("id %u\n", value.bpf_prog.id);
		else
			printf("none\n");
	}
	return output_flush();
}

/* New queues are like the first one there is; its program's descriptor is to be closed. */
static int copy_first_queue(const struct cpumap *map, struct cpumap_queue *like)
{
	struct bpf_cpumap_val value = { .qsize = QSIZE_DEFAULT };
	__u32 cpu;

	for (cpu = 0; cpu < map->cpus; cpu++)
		if (!bpf_map_lookup_elem(map->queues, &cpu, &value))
			break;
	like->qsize = value.qsize;
	like->prog_fd = -1;
	if (!value.bpf_prog.id)
		return 0;
	like->prog_fd = bpf_prog_get_fd_by_id(value.bpf_prog.id);
	if (like->prog_fd >= 0)
		return 0;
	pr_err("cannot open program id %u: %s", value.bpf_prog.id, strerror(errno));
	return -ENOEXEC;
}

static int set(const struct cpumap *map, const struct cpumap_opts *opts)
{
	struct cpumap_queue like = { .keep_old = !opts->qsize };
	struct cpus cpus;
	int err;

	if (opts->drop_port || opts->no_cpu_prog) {
		pr_err("cannot set the second program: it is chosen when it is loaded");
		return -EINVAL;
	}
	err = cpumap_choose(opts, &cpus);
	if (!err)
		err = copy_first_queue(map, &like);
	if (err)
		return err;
	if (opts->qsize)
		like.qsize = opts->qsize;
	err = cpumap_spread(map, &cpus, &like);
	if (like.prog_fd >= 0)
		close(like.prog_fd);
	return err;
}

int cpumap_command(const struct cpumap_opts *opts, const struct stats_opts *stats_opts,
		   const struct netif *dev, const char *folder, int argc, char **argv)
{
	const char *word = argc == 1 ? argv[0] : "";
	struct cpumap map;
	int err;

	if (!strcmp(word, "stats"))
		return stats(folder, stats_opts, dev);
	if (strcmp(word, "list") && strcmp(word, "set")) {
		pr_err("bad command '%s': it is one of stats, list and set", argv[argc - 1]);
		return -EINVAL;
	}
	err = cpumap_open(&map, folder);
	if (err)
		return err;
	err = *word == 's' ? set(&map, opts) : list(&map);
	cpumap_close(&map);
	return err;
}
