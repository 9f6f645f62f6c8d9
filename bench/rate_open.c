// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A case made ready: its frames, its program, and the one that sends. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "rate.h"
#include "rodata.h"

#define HOPS 64

/* The frame that is sent, and the one that is to arrive. */
static void build_frames(struct rate_case *one, const struct rate_lab *lab)
{
	struct rate_packet packet = {
		.dst = lab->recv.mac.addr,
		.src = lab->send.mac.addr,
		.hops = HOPS,
		.broken = one->way->end == RATE_AT_STACK,
	};

	rate_frame_build(one->frame, one->kind, &packet);
	if (one->way->answered) {
		packet.dst = lab->send.mac.addr;
		packet.src = lab->recv.mac.addr;
		packet.answer = true;
	}
	if (one->way->resent || one->way->routed)
		packet.dst = lab->far.mac.addr;
	if (one->way->routed) {
		packet.src = lab->out.mac.addr;
		packet.hops--;
	}
	rate_frame_build(one->wanted, one->kind, &packet);
}

/* A case without an object is an empty program, named after its verdict. */
static int open_empty(struct rate_case *one, const struct rate_lab *lab)
{
	static const char *const names[] = {
		[XDP_ABORTED] = "XDP_ABORTED",	 [XDP_DROP] = "XDP_DROP",
		[XDP_PASS] = "XDP_PASS",	 [XDP_TX] = "XDP_TX",
		[XDP_REDIRECT] = "XDP_REDIRECT",
	};
	enum xdp_action verdict = XDP_ABORTED;

	while (verdict <= XDP_REDIRECT && strcmp(one->program, names[verdict]))
		verdict++;
	if (verdict > XDP_REDIRECT) {
		pr_err("bad case '%s': no verdict '%s'", one->name, one->program);
		return -EINVAL;
	}
	one->fd = verdict == XDP_REDIRECT ? program_redirects(lab->out.dev.index) :
					    program_returns(verdict);
	return one->fd < 0 ? one->fd : 0;
}

static int open_object(struct rate_case *one, const struct rate_lab *lab)
{
	int err = program_find(&one->at, one->object, one->program);

	if (!err && one->way->set)
		err = one->way->set(one, lab);
	if (!err)
		err = program_load(&one->at);
	if (err)
		return err;
	one->fd = bpf_program__fd(program_of(&one->at));
	return one->way->fill ? one->way->fill(one, lab) : 0;
}

static int open_sender(struct rate_case *one, const struct rate_lab *lab, const char *top)
{
	char path[PATH_MAX + sizeof("/bench/rate_kern.o")];
	__u32 ifindex = (__u32)lab->send.dev.index;
	int err;

	snprintf(path, sizeof(path), "%s/bench/rate_kern.o", top);
	err = program_find(&one->send, path, "bench_send_func");
	if (!err)
		err = rodata_set(one->send.obj, "bench_frame", one->frame, sizeof(one->frame));
	if (!err)
		err = rodata_set(one->send.obj, "bench_ifindex", &ifindex, sizeof(ifindex));
	if (!err)
		err = program_load(&one->send);
	if (!err)
		live_open(&one->live, bpf_program__fd(program_of(&one->send)));
	return err;
}

int rate_open(struct rate_case *one, const struct rate_lab *lab, const char *top)
{
	int err;

	build_frames(one, lab);
	err = one->object ? open_object(one, lab) : open_empty(one, lab);
	return err ? err : open_sender(one, lab, top);
}
