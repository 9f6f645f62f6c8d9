// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of maps: pinning, memory, batches, queues of CPUs. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <linux/mount.h>

#include "probe_box.h"
#include "probe_prog.h"

#define PAGE 4096
#define MTU 1500
#define CPUMAP_QUEUE 64

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
		return probe_lacks(box, "cannot mount a BPF file system: %s", probe_words(-fs));
	map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 4, 1, NULL);
	if (map < 0)
		return probe_lacks(box, "cannot make a map: %s", probe_words(errno));
	if (fchdir(fs) || bpf_obj_pin(map, "probe"))
		return probe_lacks(box, "cannot pin a map: %s", probe_words(errno));
	pinned = bpf_obj_get("probe");
	if (pinned < 0)
		return probe_lacks(box, "cannot open a pinned map: %s", probe_words(errno));
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
		return probe_cannot(box, -errno, "cannot set a limit: %s", probe_words(errno));
	/* Not by libbpf, which would raise the limit. */
	fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	if (fd < 0)
		return probe_lacks(box, "a map counts as locked memory: %s", probe_words(errno));
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
		return probe_cannot(box, cpus, "cannot count the CPUs: %s", probe_words(-cpus));
	fd = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "probe", sizeof(__u32), sizeof(__u64),
			    PROBE_N(keys), NULL);
	if (fd < 0)
		return probe_lacks(box, "cannot make a per-CPU array: %s", probe_words(errno));
	if (bpf_map_lookup_batch(fd, NULL, &next, keys, values, &count, NULL) && errno != ENOENT)
		return probe_lacks(box, "BPF_MAP_LOOKUP_BATCH: %s", probe_words(errno));
	if (count != PROBE_N(keys))
		return probe_lacks(box, "%u of %zu elements came", count, PROBE_N(keys));
	close(fd);
	return 1;
}

/*
 * Have CPU @cpu run a counting program on what comes through its queue. Returns
 * the descriptor of the map, or -1 when the reason is stored.
 */
static int make_queue(struct probe_box *box, __u32 cpu)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_XDP_CPUMAP);
	struct bpf_cpumap_val value = { .qsize = CPUMAP_QUEUE };
	int fd;

	value.bpf_prog.fd = probe_prog_packets(box, BPF_PROG_TYPE_XDP, XDP_DROP, &opts);
	if (value.bpf_prog.fd < 0) {
		probe_lacks(box, "cannot load a program for a CPU: %s",
			    probe_words(-value.bpf_prog.fd));
		return -1;
	}
	fd = bpf_map_create(BPF_MAP_TYPE_CPUMAP, "probe", sizeof(cpu), sizeof(value), cpu + 1,
			    NULL);
	if (fd >= 0 && !bpf_map_update_elem(fd, &cpu, &value, BPF_ANY))
		return fd;
	probe_lacks(box, "cannot make a queue for a CPU: %s", probe_words(errno));
	return -1;
}

/* The tracepoint that tells what a queue has not taken */
static int trace_queue(struct probe_box *box)
{
	struct bpf_insn nothing[] = { PROBE_SET(0, 0), PROBE_EXIT() };
	int fd = probe_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, nothing, PROBE_N(nothing), NULL);

	if (fd < 0)
		return probe_lacks(box, "cannot load a tracing program: %s", probe_words(-fd));
	if (bpf_raw_tracepoint_open("xdp_cpumap_enqueue", fd) < 0)
		return probe_lacks(box, "cannot trace xdp_cpumap_enqueue: %s", probe_words(errno));
	return 1;
}

static int load_redirect(int queue, int cpu)
{
	struct bpf_insn insns[] = {
		PROBE_MAP(1, queue), PROBE_SET(2, cpu),
		PROBE_SET(3, 0),     PROBE_CALL(BPF_FUNC_redirect_map),
		PROBE_EXIT(),
	};

	return probe_prog_load(BPF_PROG_TYPE_XDP, insns, PROBE_N(insns), NULL);
}

/* Packets handed to a CPU, and a program there that counts them. */
static int try_cpumap(struct probe_box *box)
{
	int cpu = sched_getcpu(), works = probe_veths(box, MTU), queue, fd, err;

	if (works <= 0)
		return works;
	if (cpu < 0)
		return probe_cannot(box, -errno, "cannot tell the CPU: %s", probe_words(errno));
	queue = make_queue(box, (__u32)cpu);
	if (queue < 0)
		return 0;
	fd = load_redirect(queue, cpu);
	if (fd < 0)
		return probe_lacks(box, "cannot load the program: %s", probe_words(-fd));
	err = bpf_xdp_attach(box->dev, fd, XDP_FLAGS_DRV_MODE, NULL);
	if (err)
		return probe_lacks(box, "cannot attach to a veth: %s", probe_words(-err));
	works = trace_queue(box);
	if (works > 0)
		works = probe_send(box, PROBE_FRAME_LEN);
	return works > 0 ? probe_counted(box, PROBE_FRAMES) : works;
}

const struct probe probe_table_map[] = {
	PROBE("pinning", "maps and programs kept alive in a file system (bpffs)", try_pinning),
	PROBE("memlock", "BPF memory without raising RLIMIT_MEMLOCK", try_memlock),
	PROBE("batch", "a per-CPU map read in one call", try_batch),
	PROBE("cpumap", "packets handed to other CPUs, and a program there", try_cpumap),
	{ 0 },
};
