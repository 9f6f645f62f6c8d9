// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of XDP itself: modes, links, large packets, test runs, tcx. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>

#include "log.h"
#include "probe/probe.h"
#include "probe/probe_prog.h"

#define MTU 1500
#define JUMBO_MTU 9000
#define JUMBO_FRAME 8000
#define LIVE_FRAMES 64

/* Newer than some systems' <linux/bpf.h>, hence not by their names there. */
#define F_XDP_HAS_FRAGS (1U << 5) /* 5.18 */
#define F_TEST_XDP_LIVE_FRAMES (1U << 1) /* 5.18 */
#define ATTACH_TCX_INGRESS 46 /* 6.6 */

/* The kernel's own words where it has some, else those for @err. */
static const char *words(int err)
{
	return log_reason(LOG_KERNEL, probe_strerror(-err));
}

/* Attach a counting program in the mode of @flags and see packets counted. */
static int count_packets(struct probe_env *env, unsigned int mtu, size_t len, __u32 prog_flags,
			 __u32 flags)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = prog_flags);
	int works = probe_veths(env, mtu);
	int fd, err;

	if (works <= 0)
		return works;
	fd = probe_prog_packets(env, BPF_PROG_TYPE_XDP, XDP_DROP, &opts);
	if (fd < 0)
		return probe_unsupported(env, "cannot load the program: %s", probe_strerror(-fd));
	err = bpf_xdp_attach(env->dev, fd, flags, NULL);
	if (err)
		return probe_unsupported(env, "cannot attach to a veth: %s", words(err));
	works = probe_send(env, len);
	return works > 0 ? probe_counted(env, PROBE_FRAMES) : works;
}

static int try_native(struct probe_env *env)
{
	return count_packets(env, MTU, PROBE_FRAME_LEN, 0, XDP_FLAGS_DRV_MODE);
}

static int try_generic(struct probe_env *env)
{
	return count_packets(env, MTU, PROBE_FRAME_LEN, 0, XDP_FLAGS_SKB_MODE);
}

static int try_frags(struct probe_env *env)
{
	return count_packets(env, JUMBO_MTU, JUMBO_FRAME, F_XDP_HAS_FRAGS, XDP_FLAGS_DRV_MODE);
}

/* Attach by a link at @where, and see packets counted. */
static int count_by_link(struct probe_env *env, enum bpf_prog_type type, int verdict,
			 enum bpf_attach_type where)
{
	int works = probe_veths(env, MTU);
	int fd, link;

	if (works <= 0)
		return works;
	fd = probe_prog_packets(env, type, verdict, NULL);
	if (fd < 0)
		return probe_unsupported(env, "cannot load the program: %s", probe_strerror(-fd));
	link = bpf_link_create(fd, env->dev, where, NULL);
	if (link < 0)
		return probe_unsupported(env, "cannot make a link to a veth: %s",
					 probe_strerror(-link));
	works = probe_send(env, PROBE_FRAME_LEN);
	if (works > 0)
		works = probe_counted(env, PROBE_FRAMES);
	close(link);
	return works;
}

static int try_link(struct probe_env *env)
{
	return count_by_link(env, BPF_PROG_TYPE_XDP, XDP_DROP, BPF_XDP);
}

static int try_tcx(struct probe_env *env)
{
	/* TCX_DROP is 2, like TC_ACT_SHOT. */
	return count_by_link(env, BPF_PROG_TYPE_SCHED_CLS, 2,
			     (enum bpf_attach_type)ATTACH_TCX_INGRESS);
}

static int try_prog_run(struct probe_env *env)
{
	struct bpf_insn pass[] = { PROBE_SET(0, XDP_PASS), PROBE_EXIT() };
	int fd = probe_prog_load(BPF_PROG_TYPE_XDP, pass, 2, NULL);
	int verdict;

	if (fd < 0)
		return probe_unsupported(env, "cannot load the program: %s", probe_strerror(-fd));
	verdict = probe_prog_run(fd);
	if (verdict < 0)
		return probe_unsupported(env, "BPF_PROG_RUN: %s", probe_strerror(-verdict));
	if (verdict != XDP_PASS)
		return probe_unsupported(env, "BPF_PROG_RUN: verdict %d, not %d", verdict,
					 XDP_PASS);
	return 1;
}

static int try_live_frames(struct probe_env *env)
{
	char packet[PROBE_FRAME_LEN] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = LIVE_FRAMES, .flags = F_TEST_XDP_LIVE_FRAMES);
	int fd;

	/* PROBE_ETHERTYPE, which the program counts */
	packet[12] = (char)(PROBE_ETHERTYPE >> 8);
	packet[13] = (char)(PROBE_ETHERTYPE & 0xff);
	fd = probe_prog_packets(env, BPF_PROG_TYPE_XDP, XDP_DROP, NULL);
	if (fd < 0)
		return probe_unsupported(env, "cannot load the program: %s", probe_strerror(-fd));
	if (bpf_prog_test_run_opts(fd, &opts))
		return probe_unsupported(env, "BPF_F_TEST_XDP_LIVE_FRAMES: %s",
					 probe_strerror(errno));
	return probe_counted(env, LIVE_FRAMES);
}

const struct probe probe_table_xdp[] = {
	PROBE("xdp_native", "XDP in the driver, on a veth", try_native),
	PROBE("xdp_generic", "XDP in the stack (skb mode), on a veth", try_generic),
	PROBE("xdp_link", "XDP attached by a bpf_link", try_link),
	PROBE("frags", "XDP on packets of several pages (xdp.frags, MTU 9000)", try_frags),
	PROBE("prog_run", "XDP programs run on a given packet (BPF_PROG_RUN)", try_prog_run),
	PROBE("live_frames", "BPF_PROG_RUN that sends packets (live frames)", try_live_frames),
	PROBE("tcx", "tc programs attached by a bpf_link (tcx)", try_tcx),
	{ 0 },
};

/* ==== probe/probes_xdp.c ==== */
/* Probes of programs that hook into other programs. */

/* configure knows; see attach_replace.h. */
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

static int replace(struct probe_env *env, const struct probe_target *target)
{
	struct bpf_insn drop[] = { PROBE_SET(0, XDP_DROP), PROBE_EXIT() };
	int fd, link, verdict;

	fd = load_extension(target, drop, PROBE_N(drop));
	if (fd < 0)
		return probe_unsupported(env,
					 "the kernel refuses extension programs "
					 "(freplace): %s",
					 probe_strerror(-fd));
	link = bpf_raw_tracepoint_open(NULL, fd);
	if (link < 0)
		return probe_unsupported(env,
					 "cannot attach an extension program "
					 "(freplace): %s",
					 probe_strerror(errno));
	verdict = probe_prog_run(target->fd);
	close(link);
	if (verdict != XDP_DROP)
		return probe_unsupported(env, "an extension program (freplace) has "
					      "no effect");
	return 1;
}

static int try_freplace(struct probe_env *env)
{
	struct probe_target target;
	int works = probe_prog_target(env, &target);

	return works > 0 ? replace(env, &target) : works;
}

/* libxdp pins what it needs to find its programs again. */
static int try_dispatcher(struct probe_env *env)
{
	int works = probe_find("pinning")->attempt(env);

	return works > 0 ? try_freplace(env) : works;
}

/* One that changes where the packet starts needs more than that. */
static int try_resize(struct probe_env *env)
{
	struct bpf_insn grow[] = { PROBE_SET(2, 0), PROBE_CALL(BPF_FUNC_xdp_adjust_head),
				   PROBE_SET(0, XDP_DROP), PROBE_EXIT() };
	struct probe_target target;
	int fd, works = probe_find("dispatcher")->attempt(env);

	if (works <= 0 || LIBXDP_RESIZES)
		return works;
	works = probe_prog_target(env, &target);
	if (works <= 0)
		return works;
	fd = load_extension(&target, grow, PROBE_N(grow));
	if (fd < 0)
		return probe_unsupported(env, "the dispatcher of libxdp before 1.5.5 "
					      "cannot hold one on this kernel");
	close(fd);
	return 1;
}

static int try_fentry(struct probe_env *env)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY);
	struct probe_target target;
	int works = probe_prog_target(env, &target);
	int fd, link;

	if (works <= 0)
		return works;
	opts.attach_prog_fd = (__u32)target.fd;
	opts.attach_btf_id = target.func.type_id;
	fd = probe_prog_runs(env, BPF_PROG_TYPE_TRACING, &opts);
	if (fd < 0)
		return probe_unsupported(env, "the kernel refuses fentry programs: %s",
					 probe_strerror(-fd));
	link = bpf_raw_tracepoint_open(NULL, fd);
	if (link < 0)
		return probe_unsupported(env, "cannot attach a fentry program: %s",
					 probe_strerror(errno));
	if (probe_prog_run(target.fd) < 0)
		return probe_unsupported(env, "cannot run the traced program");
	works = probe_counted(env, 1);
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
