// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of maps: pinning, memory, batches. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/mount.h>

#include "probe_box.h"
#include "probe_prog.h"

#define PAGE 4096

/* A BPF file system that is mounted nowhere; it goes with its descriptor. */
static int open_bpffs(void)
{
	int fs, fd = -1;

	fs = (int)syscall(SYS_fsopen, "bpf", FSOPEN_CLOEXEC);
	if (fs < 0)
		return -errno;
	if (!syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	if (fd < 0)
		fd = -errno;
	close(fs);
	return fd;
}

static int try_pinning(struct probe_box *box)
{
	int fs = open_bpffs();
	int map, pinned;

	if (fs < 0)
		return probe_lacks(box, "cannot mount a BPF file system: %s",
				   probe_words(-fs));
	map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 4, 1, NULL);
	if (map < 0)
		return probe_lacks(box, "cannot make a map: %s",
				   probe_words(errno));
	if (fchdir(fs) || bpf_obj_pin(map, "probe"))
		return probe_lacks(box, "cannot pin a map: %s",
				   probe_words(errno));
	pinned = bpf_obj_get("probe");
	if (pinned < 0)
		return probe_lacks(box, "cannot open a pinned map: %s",
				   probe_words(errno));
	close(pinned);
	close(map);
	close(fs);
	/* There is a folder to mount it at wherever there is /sys. */
	return probe_sys(box);
}

/* Memory for BPF is charged to a cgroup, not to RLIMIT_MEMLOCK (5.11). */
static int try_memlock(struct probe_box *box)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(__u32),
		.value_size = PAGE,
		.max_entries = 16,
	};
	struct rlimit nothing = { 0, 0 };
	int fd;

	if (setrlimit(RLIMIT_MEMLOCK, &nothing))
		return probe_cannot(box, -errno, "cannot set a limit: %s",
				    probe_words(errno));
	/* Not by libbpf, which would raise the limit. */
	fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	if (fd < 0)
		return probe_lacks(box, "a map counts as locked memory: %s",
				   probe_words(errno));
	close(fd);
	return 1;
}

/* All values of a per-CPU array in one call. */
static int try_batch(struct probe_box *box)
{
	int cpus = libbpf_num_possible_cpus();
	__u32 keys[2], next, count = PROBE_N(keys);
	__u64 values[cpus > 0 ? cpus * 2 : 2];
	int fd;

	if (cpus < 0)
		return probe_cannot(box, cpus, "cannot count the CPUs: %s",
				    probe_words(-cpus));
	fd = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "probe", sizeof(__u32),
			    sizeof(__u64), PROBE_N(keys), NULL);
	if (fd < 0)
		return probe_lacks(box, "cannot make a per-CPU array: %s",
				   probe_words(errno));
	if (bpf_map_lookup_batch(fd, NULL, &next, keys, values, &count, NULL) &&
	    errno != ENOENT)
		return probe_lacks(box, "BPF_MAP_LOOKUP_BATCH: %s",
				   probe_words(errno));
	if (count != PROBE_N(keys))
		return probe_lacks(box, "%u of %zu elements came", count,
				   PROBE_N(keys));
	close(fd);
	return 1;
}

const struct probe probe_table_map[] = {
	PROBE("pinning", "maps and programs kept alive in a file system (bpffs)",
	      try_pinning),
	PROBE("memlock", "BPF memory without raising RLIMIT_MEMLOCK", try_memlock),
	PROBE("batch", "a per-CPU map read in one call", try_batch),
	{ 0 },
};
