// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Queues for the CPUs that are to get packets, and buckets for their flows. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "cpumap.h"
#include "log.h"
#include "probe/probe.h"
#include "xdp_cpumap.h"

#define NOWHERE CPUS_MAX

/* How many buckets the CPU at @place of @cpus is to have. */
static unsigned int share(const struct cpus *cpus, unsigned int place)
{
	return BUCKETS / cpus->count + (place < BUCKETS % cpus->count);
}

/*
 * Each CPU gets its share. Buckets that may stay where they are do, so that
 * their flows do not move.
 */
static void deal(__u32 *bucket, const struct cpus *cpus)
{
	unsigned int left[CPUS_MAX + 1] = { 0 }, i, place = 0;

	for (i = 0; i < cpus->count; i++)
		left[cpus->cpu[i]] = share(cpus, i);
	for (i = 0; i < BUCKETS; i++) {
		if (bucket[i] < NOWHERE && left[bucket[i]])
			left[bucket[i]]--;
		else
			bucket[i] = NOWHERE;
	}
	for (i = 0; i < BUCKETS; i++) {
		if (bucket[i] != NOWHERE)
			continue;
		while (!left[cpus->cpu[place]])
			place++;
		bucket[i] = cpus->cpu[place];
		left[bucket[i]]--;
	}
}

static int move_buckets(int fd, const struct cpus *cpus)
{
	__u32 bucket[BUCKETS], old[BUCKETS], i;

	for (i = 0; i < BUCKETS; i++)
		if (bpf_map_lookup_elem(fd, &i, &old[i]))
			return -errno;
	memcpy(bucket, old, sizeof(bucket));
	deal(bucket, cpus);
	for (i = 0; i < BUCKETS; i++)
		if (bucket[i] != old[i] && bpf_map_update_elem(fd, &i, &bucket[i], BPF_ANY))
			return -errno;
	return 0;
}

static int make_queue(int fd, __u32 cpu, const struct cpumap_queue *like)
{
	struct bpf_cpumap_val value = { .qsize = like->qsize };
	int err;

	if (like->prog_fd >= 0)
		value.bpf_prog.fd = like->prog_fd;
	if (!bpf_map_update_elem(fd, &cpu, &value, BPF_ANY))
		return 0;
	err = probe_explain("cpumap", -errno);
	if (err == PROBE_UNSUPPORTED)
		return err;
	pr_err("cannot make a queue for CPU %u: %s", cpu, strerror(-err));
	return -ENOEXEC;
}

static int make_queues(const struct cpumap *map, const struct cpus *cpus,
		       const struct cpumap_queue *like)
{
	struct bpf_cpumap_val old;
	int err = 0;
	__u32 i;

	for (i = 0; !err && i < cpus->count; i++) {
		const __u32 *cpu = &cpus->cpu[i];

		if (like->keep_old && !bpf_map_lookup_elem(map->queues, cpu, &old))
			continue;
		err = make_queue(map->queues, *cpu, like);
	}
	return err;
}

static void drop_queues(const struct cpumap *map, const struct cpus *cpus)
{
	__u32 cpu;

	/* What is in them is still worked on; those that are not there fail. */
	for (cpu = 0; cpu < map->cpus; cpu++)
		if (!cpus_has(cpus, cpu))
			bpf_map_delete_elem(map->queues, &cpu);
}

int cpumap_spread(const struct cpumap *map, const struct cpus *cpus,
		  const struct cpumap_queue *like)
{
	int err;

	/* At no time is a bucket without a queue. */
	err = make_queues(map, cpus, like);
	if (err)
		return err;
	err = move_buckets(map->buckets, cpus);
	if (err) {
		pr_err("cannot change 'cpu_buckets': %s", strerror(-err));
		return -ENOEXEC;
	}
	drop_queues(map, cpus);
	return 0;
}
