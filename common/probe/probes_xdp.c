// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of XDP itself: modes, links, large packets, test runs; and of tcx. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>

#include "linux_compat.h"
#include "log.h"
#include "probe/probe_prog.h"

#define JUMBO_MTU 9000
#define JUMBO_FRAME 8000
#define LIVE_FRAMES 64

/* The kernel's own words where it has some, else those for @err. */
static const char *kernel_words(int err)
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
		return probe_unsupported(env, "cannot attach to a veth: %s", kernel_words(err));
	works = probe_send(env, len);
	return works > 0 ? probe_counted(env, PROBE_FRAMES) : works;
}

static int try_native(struct probe_env *env)
{
	return count_packets(env, PROBE_MTU, PROBE_FRAME_LEN, 0, XDP_FLAGS_DRV_MODE);
}

static int try_generic(struct probe_env *env)
{
	return count_packets(env, PROBE_MTU, PROBE_FRAME_LEN, 0, XDP_FLAGS_SKB_MODE);
}

static int try_frags(struct probe_env *env)
{
	return count_packets(env, JUMBO_MTU, JUMBO_FRAME, BPF_F_XDP_HAS_FRAGS, XDP_FLAGS_DRV_MODE);
}

/* Attach by a link at @where, and see packets counted. */
static int count_by_link(struct probe_env *env, enum bpf_prog_type type, int verdict,
			 enum bpf_attach_type where)
{
	int works = probe_veths(env, PROBE_MTU);
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
			     (enum bpf_attach_type)BPF_TCX_INGRESS);
}

static int try_prog_run(struct probe_env *env)
{
	struct bpf_insn pass[] = { PROBE_SET(0, XDP_PASS), PROBE_EXIT() };
	int fd = probe_prog_load(BPF_PROG_TYPE_XDP, pass, PROBE_N(pass), NULL);
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
		    .repeat = LIVE_FRAMES, .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
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
	PROBE("xdp_native", "XDP in the driver, on a veth", try_native,
	      "give the commands --skb-mode, which is slower"),
	PROBE("xdp_generic", "XDP in the stack (skb mode), on a veth", try_generic,
	      "leave out --skb-mode"),
	PROBE("xdp_link", "XDP attached by a bpf_link", try_link,
	      "leave out --link; " PROBE_STOCK_KERNEL ", 5.9 or newer"),
	PROBE("frags", "XDP on packets of several pages (xdp.frags, MTU 9000)", try_frags,
	      "keep to an MTU of 1500; or boot a kernel of 5.18 or newer"),
	PROBE("prog_run", "XDP programs run on a given packet (BPF_PROG_RUN)", try_prog_run,
	      PROBE_STOCK_KERNEL),
	PROBE("live_frames", "BPF_PROG_RUN that sends packets (live frames)", try_live_frames,
	      "boot a kernel of 5.18 or newer"),
	PROBE("tcx", "tc programs attached by a bpf_link (tcx)", try_tcx,
	      "nothing: clsact is used instead; 6.6 and newer kernels have tcx"),
	{ 0 },
};
