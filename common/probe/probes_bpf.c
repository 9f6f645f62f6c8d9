// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of maps (pinning, memory, batches, queues of CPUs, event buffers) and of helpers. */
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

#include "probe/probe_prog.h"

#define PAGE 4096
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

static int try_pinning(struct probe_env *env)
{
	int fs = open_bpffs();
	int map, pinned;

	if (fs < 0)
		return probe_unsupported(env, "cannot mount a BPF file system: %s",
					 probe_strerror(-fs));
	map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 4, 1, NULL);
	if (map < 0)
		return probe_unsupported(env, "cannot make a map: %s", probe_strerror(errno));
	if (fchdir(fs) || bpf_obj_pin(map, "probe"))
		return probe_unsupported(env, "cannot pin a map: %s", probe_strerror(errno));
	pinned = bpf_obj_get("probe");
	if (pinned < 0)
		return probe_unsupported(env, "cannot open a pinned map: %s",
					 probe_strerror(errno));
	close(pinned);
	close(map);
	close(fs);
	/* There is a folder to mount it at wherever there is /sys. */
	return probe_sys(env);
}

/* Memory for BPF is charged to a cgroup, not to RLIMIT_MEMLOCK (5.11). */
static int try_memlock(struct probe_env *env)
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
		return probe_unknown(env, -errno, "cannot set a limit: %s", probe_strerror(errno));
	/* Not by libbpf, which would raise the limit. */
	fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	if (fd < 0)
		return probe_unsupported(env, "a map counts as locked memory: %s",
					 probe_strerror(errno));
	close(fd);
	return 1;
}

/* All values of a per-CPU array in one call. */
static int try_batch(struct probe_env *env)
{
	int cpus = libbpf_num_possible_cpus();
	__u32 keys[2], next, count = PROBE_N(keys);
	__u64 values[cpus > 0 ? cpus * 2 : 2];
	int fd;

	if (cpus < 0)
		return probe_unknown(env, cpus, "cannot count the CPUs: %s", probe_strerror(-cpus));
	fd = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "probe", sizeof(__u32), sizeof(__u64),
			    PROBE_N(keys), NULL);
	if (fd < 0)
		return probe_unsupported(env, "cannot make a per-CPU array: %s",
					 probe_strerror(errno));
	if (bpf_map_lookup_batch(fd, NULL, &next, keys, values, &count, NULL) && errno != ENOENT)
		return probe_unsupported(env, "BPF_MAP_LOOKUP_BATCH: %s", probe_strerror(errno));
	if (count != PROBE_N(keys))
		return probe_unsupported(env, "%u of %zu elements came", count, PROBE_N(keys));
	close(fd);
	return 1;
}

/*
 * Have CPU @cpu run a counting program on what comes through its queue. Returns
 * the descriptor of the map, or -1 when the reason is stored.
 */
static int make_queue(struct probe_env *env, __u32 cpu)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_XDP_CPUMAP);
	struct bpf_cpumap_val value = { .qsize = CPUMAP_QUEUE };
	int fd;

	value.bpf_prog.fd = probe_prog_packets(env, BPF_PROG_TYPE_XDP, XDP_DROP, &opts);
	if (value.bpf_prog.fd < 0) {
		probe_unsupported(env, "cannot load a program for a CPU: %s",
				  probe_strerror(-value.bpf_prog.fd));
		return -1;
	}
	fd = bpf_map_create(BPF_MAP_TYPE_CPUMAP, "probe", sizeof(cpu), sizeof(value), cpu + 1,
			    NULL);
	if (fd >= 0 && !bpf_map_update_elem(fd, &cpu, &value, BPF_ANY))
		return fd;
	probe_unsupported(env, "cannot make a queue for a CPU: %s", probe_strerror(errno));
	return -1;
}

/* The tracepoint that reports what a queue has no room for. */
static int trace_queue(struct probe_env *env)
{
	struct bpf_insn nothing[] = { PROBE_SET(0, 0), PROBE_EXIT() };
	int fd = probe_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, nothing, PROBE_N(nothing), NULL);

	if (fd < 0)
		return probe_unsupported(env, "cannot load a tracing program: %s",
					 probe_strerror(-fd));
	if (bpf_raw_tracepoint_open("xdp_cpumap_enqueue", fd) < 0)
		return probe_unsupported(env, "cannot trace xdp_cpumap_enqueue: %s",
					 probe_strerror(errno));
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
static int try_cpumap(struct probe_env *env)
{
	int cpu = sched_getcpu(), works = probe_veths(env, PROBE_MTU), queue, fd, err;

	if (works <= 0)
		return works;
	if (cpu < 0)
		return probe_unknown(env, -errno, "cannot tell the CPU: %s", probe_strerror(errno));
	queue = make_queue(env, (__u32)cpu);
	if (queue < 0)
		return 0;
	fd = load_redirect(queue, cpu);
	if (fd < 0)
		return probe_unsupported(env, "cannot load the program: %s", probe_strerror(-fd));
	err = bpf_xdp_attach(env->dev, fd, XDP_FLAGS_DRV_MODE, NULL);
	if (err)
		return probe_unsupported(env, "cannot attach to a veth: %s", probe_strerror(-err));
	works = trace_queue(env);
	if (works > 0)
		works = probe_send(env, PROBE_FRAME_LEN);
	return works > 0 ? probe_counted(env, PROBE_FRAMES) : works;
}

static int count_record(void *count, void *data, size_t size)
{
	if (size == sizeof(__u64) && *(__u64 *)data == PROBE_ETHERTYPE)
		++*(unsigned int *)count;
	return 0;
}

static void count_sample(void *count, int cpu, void *data, __u32 size)
{
	(void)cpu;
	/* A sample is padded at its end. */
	if (size >= sizeof(__u64) && *(__u64 *)data == PROBE_ETHERTYPE)
		++*(unsigned int *)count;
}

/* Run a program of @n instructions once. */
static int run_once(struct probe_env *env, const struct bpf_insn *insns, size_t n)
{
	int fd, verdict;

	fd = probe_prog_load(BPF_PROG_TYPE_XDP, insns, n, NULL);
	if (fd < 0)
		return probe_unsupported(env, "cannot load the program: %s", probe_strerror(-fd));
	verdict = probe_prog_run(fd);
	close(fd);
	if (verdict < 0)
		return probe_unsupported(env, "cannot run the program: %s",
					 probe_strerror(-verdict));
	return 1;
}

static int try_ringbuf(struct probe_env *env)
{
	struct ring_buffer *ring;
	unsigned int count = 0;
	int works, map = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "probe", 0, 0, (__u32)getpagesize(),
					NULL);
	struct bpf_insn insns[] = {
		PROBE_STORE(10, -8, PROBE_ETHERTYPE),
		PROBE_MAP(1, map),
		PROBE_COPY(2, 10),
		PROBE_ADD(2, -8),
		PROBE_SET(3, sizeof(__u64)),
		PROBE_SET(4, 0),
		PROBE_CALL(BPF_FUNC_ringbuf_output),
		PROBE_SET(0, XDP_PASS),
		PROBE_EXIT(),
	};

	if (map < 0)
		return probe_unsupported(env, "cannot make a ring buffer: %s",
					 probe_strerror(errno));
	ring = ring_buffer__new(map, count_record, &count, NULL);
	if (!ring)
		return probe_unsupported(env, "cannot map a ring buffer: %s",
					 probe_strerror(errno));
	works = run_once(env, insns, PROBE_N(insns));
	ring_buffer__consume(ring);
	ring_buffer__free(ring);
	if (works > 0 && count != 1)
		return probe_unsupported(env, "%u records came, not 1", count);
	return works;
}

static int try_perf_buffer(struct probe_env *env)
{
	struct perf_buffer *perf;
	unsigned int count = 0;
	int cpus = libbpf_num_possible_cpus();
	int works, map = bpf_map_create(BPF_MAP_TYPE_PERF_EVENT_ARRAY, "probe", sizeof(__u32),
					sizeof(__u32), cpus > 0 ? (__u32)cpus : 1, NULL);
	struct bpf_insn insns[] = {
		PROBE_STORE(10, -8, PROBE_ETHERTYPE),
		PROBE_MAP(2, map),
		PROBE_SET32(3, (__s32)BPF_F_CURRENT_CPU),
		PROBE_COPY(4, 10),
		PROBE_ADD(4, -8),
		PROBE_SET(5, sizeof(__u64)),
		PROBE_CALL(BPF_FUNC_perf_event_output),
		PROBE_SET(0, XDP_PASS),
		PROBE_EXIT(),
	};

	if (cpus < 0)
		return probe_unknown(env, cpus, "cannot count the CPUs: %s", probe_strerror(-cpus));
	if (map < 0)
		return probe_unsupported(env, "cannot make a perf event array: %s",
					 probe_strerror(errno));
	perf = perf_buffer__new(map, 1, count_sample, NULL, &count, NULL);
	if (!perf)
		return probe_unsupported(env, "cannot open a perf buffer: %s",
					 probe_strerror(errno));
	works = run_once(env, insns, PROBE_N(insns));
	perf_buffer__consume(perf);
	perf_buffer__free(perf);
	if (works > 0 && count != 1)
		return probe_unsupported(env, "%u samples came, not 1", count);
	return works;
}

/* The verifier knows the helper, and lets XDP programs call it. */
static int has_helper(struct probe_env *env, enum bpf_func_id helper)
{
	int works = libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, helper, NULL);

	if (works < 0)
		return probe_unknown(env, works, "cannot load a program: %s",
				     probe_strerror(-works));
	return works ? 1 : probe_unsupported(env, "the verifier does not know it");
}

static int try_loop(struct probe_env *env)
{
	return has_helper(env, BPF_FUNC_loop);
}

static int try_load_bytes(struct probe_env *env)
{
	return has_helper(env, BPF_FUNC_xdp_load_bytes);
}

static int try_dynptr(struct probe_env *env)
{
	return has_helper(env, BPF_FUNC_ringbuf_reserve_dynptr);
}

const struct probe probe_table_bpf[] = {
	PROBE("pinning", "maps and programs kept alive in a file system (bpffs)", try_pinning,
	      PROBE_STOCK_KERNEL),
	PROBE("memlock", "BPF memory without raising RLIMIT_MEMLOCK", try_memlock,
	      "nothing: libbpf raises the limit; 5.11 and newer kernels have none"),
	PROBE("batch", "a per-CPU map read in one call", try_batch,
	      "nothing: elements are read one by one; 5.13 and newer have it"),
	PROBE("cpumap", "packets handed to other CPUs, and a program there", try_cpumap,
	      PROBE_STOCK_KERNEL ", 5.15 or newer"),
	PROBE("ringbuf", "BPF ring buffer", try_ringbuf, "boot a kernel of 5.8 or newer"),
	PROBE("perf_buffer", "perf buffer", try_perf_buffer, PROBE_STOCK_KERNEL),
	PROBE("bpf_loop", "helper bpf_loop", try_loop, "boot a kernel of 5.17 or newer"),
	PROBE("load_bytes", "helper bpf_xdp_load_bytes", try_load_bytes,
	      "boot a kernel of 5.18 or newer"),
	PROBE("dynptr", "ring buffer records of any length, made in place", try_dynptr,
	      "boot a kernel of 5.19 or newer"),
	{ 0 },
};
