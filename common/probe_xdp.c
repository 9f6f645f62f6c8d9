// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of XDP itself: modes, links, large packets, test runs, tcx. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "log.h"
#include "probe_box.h"
#include "probe_prog.h"

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
	return log_reason(LOG_KERNEL, probe_words(-err));
}

/* Attach a counting program in the mode of @flags and see packets counted. */
static int count_packets(struct probe_box *box, unsigned int mtu, size_t len, __u32 prog_flags,
			 __u32 flags)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = prog_flags);
	int works = probe_veths(box, mtu);
	int fd, err;

	if (works <= 0)
		return works;
	fd = probe_prog_packets(box, BPF_PROG_TYPE_XDP, XDP_DROP, &opts);
	if (fd < 0)
		return probe_lacks(box, "cannot load the program: %s", probe_words(-fd));
	err = bpf_xdp_attach(box->dev, fd, flags, NULL);
	if (err)
		return probe_lacks(box, "cannot attach to a veth: %s", words(err));
	works = probe_send(box, len);
	return works > 0 ? probe_counted(box, PROBE_FRAMES) : works;
}

static int try_native(struct probe_box *box)
{
	return count_packets(box, MTU, PROBE_FRAME_LEN, 0, XDP_FLAGS_DRV_MODE);
}

static int try_generic(struct probe_box *box)
{
	return count_packets(box, MTU, PROBE_FRAME_LEN, 0, XDP_FLAGS_SKB_MODE);
}

static int try_frags(struct probe_box *box)
{
	return count_packets(box, JUMBO_MTU, JUMBO_FRAME, F_XDP_HAS_FRAGS, XDP_FLAGS_DRV_MODE);
}

/* Attach by a link at @where, and see packets counted. */
static int count_by_link(struct probe_box *box, enum bpf_prog_type type, int verdict,
			 enum bpf_attach_type where)
{
	int works = probe_veths(box, MTU);
	int fd, link;

	if (works <= 0)
		return works;
	fd = probe_prog_packets(box, type, verdict, NULL);
	if (fd < 0)
		return probe_lacks(box, "cannot load the program: %s", probe_words(-fd));
	link = bpf_link_create(fd, box->dev, where, NULL);
	if (link < 0)
		return probe_lacks(box, "cannot make a link to a veth: %s", probe_words(-link));
	works = probe_send(box, PROBE_FRAME_LEN);
	if (works > 0)
		works = probe_counted(box, PROBE_FRAMES);
	close(link);
	return works;
}

static int try_link(struct probe_box *box)
{
	return count_by_link(box, BPF_PROG_TYPE_XDP, XDP_DROP, BPF_XDP);
}

static int try_tcx(struct probe_box *box)
{
	/* TCX_DROP is 2, like TC_ACT_SHOT. */
	return count_by_link(box, BPF_PROG_TYPE_SCHED_CLS, 2,
			     (enum bpf_attach_type)ATTACH_TCX_INGRESS);
}

static int try_prog_run(struct probe_box *box)
{
	struct bpf_insn pass[] = { PROBE_SET(0, XDP_PASS), PROBE_EXIT() };
	int fd = probe_prog_load(BPF_PROG_TYPE_XDP, pass, 2, NULL);
	int verdict;

	if (fd < 0)
		return probe_lacks(box, "cannot load the program: %s", probe_words(-fd));
	verdict = probe_prog_run(fd);
	if (verdict < 0)
		return probe_lacks(box, "BPF_PROG_RUN: %s", probe_words(-verdict));
	if (verdict != XDP_PASS)
		return probe_lacks(box, "BPF_PROG_RUN: verdict %d, not %d", verdict, XDP_PASS);
	return 1;
}

static int try_live_frames(struct probe_box *box)
{
	char packet[PROBE_FRAME_LEN] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = LIVE_FRAMES, .flags = F_TEST_XDP_LIVE_FRAMES);
	int fd;

	/* PROBE_ETHERTYPE, which the program counts */
	packet[12] = (char)(PROBE_ETHERTYPE >> 8);
	packet[13] = (char)(PROBE_ETHERTYPE & 0xff);
	fd = probe_prog_packets(box, BPF_PROG_TYPE_XDP, XDP_DROP, NULL);
	if (fd < 0)
		return probe_lacks(box, "cannot load the program: %s", probe_words(-fd));
	if (bpf_prog_test_run_opts(fd, &opts))
		return probe_lacks(box, "BPF_F_TEST_XDP_LIVE_FRAMES: %s", probe_words(errno));
	return probe_counted(box, LIVE_FRAMES);
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
