// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of programs that hook into other programs. */
#include <errno.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "probe_box.h"
#include "probe_prog.h"

/* configure knows; see attach_alone.h. */
#ifndef LIBXDP_RESIZES
#define LIBXDP_RESIZES 0
#endif

/*
 * An extension replaces the function of an XDP program: what libxdp's
 * dispatcher is made of. Its own types must be those of the function.
 */
static int load_extension(const struct probe_target *target, const struct bpf_insn *insns, size_t n)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_btf_fd = (__u32)target->btf_fd,
		    .func_info = &target->func, .func_info_cnt = 1,
		    .func_info_rec_size = sizeof(target->func), .attach_prog_fd = (__u32)target->fd,
		    .attach_btf_id = target->func.type_id);

	return probe_prog_load(BPF_PROG_TYPE_EXT, insns, n, &opts);
}

static int replace(struct probe_box *box, const struct probe_target *target)
{
	struct bpf_insn drop[] = { PROBE_SET(0, XDP_DROP), PROBE_EXIT() };
	int fd, link, verdict;

	fd = load_extension(target, drop, PROBE_N(drop));
	if (fd < 0)
		return probe_lacks(box,
				   "the kernel refuses extension programs "
				   "(freplace): %s",
				   probe_words(-fd));
	link = bpf_raw_tracepoint_open(NULL, fd);
	if (link < 0)
		return probe_lacks(box,
				   "cannot attach an extension program "
				   "(freplace): %s",
				   probe_words(errno));
	verdict = probe_prog_run(target->fd);
	close(link);
	if (verdict != XDP_DROP)
		return probe_lacks(box, "an extension program (freplace) has "
					"no effect");
	return 1;
}

static int try_freplace(struct probe_box *box)
{
	struct probe_target target;
	int works = probe_prog_target(box, &target);

	return works > 0 ? replace(box, &target) : works;
}

/* libxdp pins what it needs to find its programs again. */
static int try_dispatcher(struct probe_box *box)
{
	int works = probe_find("pinning")->attempt(box);

	return works > 0 ? try_freplace(box) : works;
}

/* One that changes where the packet starts needs more than that. */
static int try_resize(struct probe_box *box)
{
	struct bpf_insn grow[] = { PROBE_SET(2, 0), PROBE_CALL(BPF_FUNC_xdp_adjust_head),
				   PROBE_SET(0, XDP_DROP), PROBE_EXIT() };
	struct probe_target target;
	int fd, works = probe_find("dispatcher")->attempt(box);

	if (works <= 0 || LIBXDP_RESIZES)
		return works;
	works = probe_prog_target(box, &target);
	if (works <= 0)
		return works;
	fd = load_extension(&target, grow, PROBE_N(grow));
	if (fd < 0)
		return probe_lacks(box, "the dispatcher of libxdp before 1.5.5 "
					"cannot hold one on this kernel");
	close(fd);
	return 1;
}

static int try_fentry(struct probe_box *box)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY);
	struct probe_target target;
	int works = probe_prog_target(box, &target);
	int fd, link;

	if (works <= 0)
		return works;
	opts.attach_prog_fd = (__u32)target.fd;
	opts.attach_btf_id = target.func.type_id;
	fd = probe_prog_runs(box, BPF_PROG_TYPE_TRACING, &opts);
	if (fd < 0)
		return probe_lacks(box, "the kernel refuses fentry programs: %s", probe_words(-fd));
	link = bpf_raw_tracepoint_open(NULL, fd);
	if (link < 0)
		return probe_lacks(box, "cannot attach a fentry program: %s", probe_words(errno));
	if (probe_prog_run(target.fd) < 0)
		return probe_lacks(box, "cannot run the traced program");
	works = probe_counted(box, 1);
	close(link);
	return works;
}

const struct probe probe_table_ext[] = {
	PROBE("freplace", "programs that replace a function of another one", try_freplace),
	PROBE("dispatcher", "several XDP programs on one interface (libxdp)", try_dispatcher),
	PROBE("dispatcher_resize", "programs there that change a packet's length", try_resize),
	PROBE("fentry", "programs at the entry of an XDP program", try_fentry),
	{ 0 },
};
