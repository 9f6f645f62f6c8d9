// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of helpers, and of the maps that carry events. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "probe_box.h"
#include "probe_prog.h"

/* Newer than some systems' <linux/bpf.h>. */
#define HELPER_LOOP 181 /* 5.17 */
#define HELPER_XDP_LOAD_BYTES 189 /* 5.18 */
#define HELPER_RESERVE_DYNPTR 198 /* 5.19 */

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
static int run_once(struct probe_box *box, const struct bpf_insn *insns, size_t n)
{
	int fd, verdict;

	fd = probe_prog_load(BPF_PROG_TYPE_XDP, insns, n, NULL);
	if (fd < 0)
		return probe_lacks(box, "cannot load the program: %s", probe_words(-fd));
	verdict = probe_prog_run(fd);
	close(fd);
	if (verdict < 0)
		return probe_lacks(box, "cannot run the program: %s", probe_words(-verdict));
	return 1;
}

static int try_ringbuf(struct probe_box *box)
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
		return probe_lacks(box, "cannot make a ring buffer: %s", probe_words(errno));
	ring = ring_buffer__new(map, count_record, &count, NULL);
	if (!ring)
		return probe_lacks(box, "cannot map a ring buffer: %s", probe_words(errno));
	works = run_once(box, insns, PROBE_N(insns));
	ring_buffer__consume(ring);
	ring_buffer__free(ring);
	if (works > 0 && count != 1)
		return probe_lacks(box, "%u records came, not 1", count);
	return works;
}

static int try_perf_buffer(struct probe_box *box)
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
		return probe_cannot(box, cpus, "cannot count the CPUs: %s", probe_words(-cpus));
	if (map < 0)
		return probe_lacks(box, "cannot make a perf event array: %s", probe_words(errno));
	perf = perf_buffer__new(map, 1, count_sample, NULL, &count, NULL);
	if (!perf)
		return probe_lacks(box, "cannot open a perf buffer: %s", probe_words(errno));
	works = run_once(box, insns, PROBE_N(insns));
	perf_buffer__consume(perf);
	perf_buffer__free(perf);
	if (works > 0 && count != 1)
		return probe_lacks(box, "%u samples came, not 1", count);
	return works;
}

/* The verifier knows the helper, and lets XDP programs call it. */
static int has_helper(struct probe_box *box, unsigned int helper)
{
	int works = libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, (enum bpf_func_id)helper, NULL);

	if (works < 0)
		return probe_cannot(box, works, "cannot load a program: %s", probe_words(-works));
	return works ? 1 : probe_lacks(box, "the verifier does not know it");
}

static int try_loop(struct probe_box *box)
{
	return has_helper(box, HELPER_LOOP);
}

static int try_load_bytes(struct probe_box *box)
{
	return has_helper(box, HELPER_XDP_LOAD_BYTES);
}

static int try_dynptr(struct probe_box *box)
{
	return has_helper(box, HELPER_RESERVE_DYNPTR);
}

const struct probe probe_table_load[] = {
	PROBE("ringbuf", "BPF ring buffer", try_ringbuf),
	PROBE("perf_buffer", "perf buffer", try_perf_buffer),
	PROBE("bpf_loop", "helper bpf_loop", try_loop),
	PROBE("load_bytes", "helper bpf_xdp_load_bytes", try_load_bytes),
	PROBE("dynptr", "ring buffer records of any length, made in place", try_dynptr),
	{ 0 },
};
