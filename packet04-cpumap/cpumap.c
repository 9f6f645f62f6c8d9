// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * From the CPUs of --cpus to packets that go there: the pinned maps of a program,
 * a queue for each CPU, and buckets that name them.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cpumap.h"
#include "log.h"
#include "maps.h"
#include "probe/probe.h"
#include "xdp_cpumap.h"

#define LIST_MAX 256
#define NOWHERE CPUS_MAX
#define PIN_MAX (PATH_MAX + 32)

int cpumap_choose(const struct cpumap_opts *opts, struct cpus *cpus)
{
	struct cpus online;
	char list[LIST_MAX];
	unsigned int i;
	int err = cpus_read("online", &online);

	if (err) {
		pr_err("cannot see which CPUs there are: %s", strerror(-err));
		return -EIO;
	}
	*cpus = online;
	if (!opts->cpus || !strcmp(opts->cpus, "all"))
		return 0;
	err = cpus_parse(opts->cpus, cpus);
	if (err == -EINVAL) {
		pr_err("bad value '%s' for --cpus: not 'all', nor a list like 0,2-3", opts->cpus);
		return -EINVAL;
	}
	for (i = 0; !err && i < cpus->count; i++)
		if (!cpus_has(&online, cpus->cpu[i]))
			err = -ENODEV;
	if (!err)
		return 0;
	pr_err("bad value '%s' for --cpus: online are only %s", opts->cpus,
	       cpus_format(&online, list, sizeof(list)));
	return -EINVAL;
}

static int open_pinned(const char *folder, const char *name, const struct maps_layout *layout)
{
	char path[PIN_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = maps_open_pinned(path, layout);
	if (fd == -ENOENT)
		pr_err("no map is pinned at '%s' (did xdp_cpumap_user load?)", path);
	return fd;
}

int cpumap_open(struct cpumap *map, const char *folder)
{
	/* Without a number of entries: as many as there are CPUs. */
	const struct {
		const char *name;
		int *fd;
		struct maps_layout layout;
	} maps[] = {
		{ "cpu_map",
		  &map->queues,
		  { BPF_MAP_TYPE_CPUMAP, sizeof(__u32), sizeof(struct bpf_cpumap_val), 0 } },
		{ "cpu_buckets",
		  &map->buckets,
		  { BPF_MAP_TYPE_ARRAY, sizeof(__u32), sizeof(__u32), BUCKETS } },
		{ "cpu_work",
		  &map->work,
		  { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(__u32), sizeof(struct cpu_work), 1 } },
		{ "cpu_steered",
		  &map->steered,
		  { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(__u32), sizeof(__u64), 0 } },
		{ "cpu_overflow",
		  &map->overflow,
		  { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(__u32), sizeof(__u64), 0 } },
	};
	struct maps_info info = { 0 };
	struct maps_layout layout;
	size_t i;

	*map = (struct cpumap){ -1, -1, -1, -1, -1, 0 };
	for (i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		layout = maps[i].layout;
		if (!layout.max_entries)
			layout.max_entries = map->cpus;
		*maps[i].fd = open_pinned(folder, maps[i].name, &layout);
		if (*maps[i].fd < 0) {
			cpumap_close(map);
			return -ENOEXEC;
		}
		if (!i && !maps_get_info(map->queues, &info))
			map->cpus = info.layout.max_entries;
	}
	return 0;
}

void cpumap_close(struct cpumap *map)
{
	const int fds[] = { map->queues, map->buckets, map->steered, map->work, map->overflow };
	unsigned int i;

	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	*map = (struct cpumap){ -1, -1, -1, -1, -1, 0 };
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

/*
 * Each CPU gets its share of the buckets. Those that may stay where they are
 * do, so that their flows do not move.
 */
static void share_buckets(__u32 *bucket, const struct cpus *cpus)
{
	unsigned int left[CPUS_MAX + 1] = { 0 }, i, cpu_index = 0;

	for (i = 0; i < cpus->count; i++)
		left[cpus->cpu[i]] = BUCKETS / cpus->count + (i < BUCKETS % cpus->count);
	for (i = 0; i < BUCKETS; i++) {
		if (bucket[i] < NOWHERE && left[bucket[i]])
			left[bucket[i]]--;
		else
			bucket[i] = NOWHERE;
	}
	for (i = 0; i < BUCKETS; i++) {
		if (bucket[i] != NOWHERE)
			continue;
		while (!left[cpus->cpu[cpu_index]])
			cpu_index++;
		bucket[i] = cpus->cpu[cpu_index];
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
	share_buckets(bucket, cpus);
	for (i = 0; i < BUCKETS; i++)
		if (bucket[i] != old[i] && bpf_map_update_elem(fd, &i, &bucket[i], BPF_ANY))
			return -errno;
	return 0;
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
