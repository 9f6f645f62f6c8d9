// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The maps of a running program, opened by the names they are pinned under. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "cpumap.h"
#include "log.h"
#include "maps.h"
#include "xdp_cpumap.h"

static int open_one(const char *folder, const char *name, const struct maps_layout *want, int *fd)
{
	char path[PATH_MAX + BPF_OBJ_NAME_LEN];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	*fd = maps_open_pinned(path, want);
	if (*fd >= 0)
		return 0;
	if (*fd == -ENOENT)
		pr_err("no map is pinned at '%s' (did xdp_cpumap_user load?)", path);
	return -ENOEXEC;
}

static unsigned int count_keys(int fd)
{
	struct maps_info info = { 0 };

	return maps_get_info(fd, &info) ? 0 : info.layout.max_entries;
}

int cpumap_open(struct cpumap *map, const char *folder)
{
	struct maps_layout queues = { BPF_MAP_TYPE_CPUMAP, sizeof(__u32),
				      sizeof(struct bpf_cpumap_val), 0 };
	struct maps_layout buckets = { BPF_MAP_TYPE_ARRAY, sizeof(__u32), sizeof(__u32), BUCKETS };
	struct maps_layout work = { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(__u32),
				    sizeof(struct cpu_work), 1 };
	struct maps_layout packets = { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(__u32), sizeof(__u64), 0 };
	int err;

	*map = (struct cpumap){ -1, -1, -1, -1, -1, 0 };
	err = open_one(folder, "cpu_map", &queues, &map->queues);
	if (!err) {
		map->cpus = packets.max_entries = count_keys(map->queues);
		err = open_one(folder, "cpu_buckets", &buckets, &map->buckets);
	}
	if (!err)
		err = open_one(folder, "cpu_work", &work, &map->work);
	if (!err)
		err = open_one(folder, "cpu_steered", &packets, &map->steered);
	if (!err)
		err = open_one(folder, "cpu_overflow", &packets, &map->overflow);
	if (err)
		cpumap_close(map);
	return err;
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
