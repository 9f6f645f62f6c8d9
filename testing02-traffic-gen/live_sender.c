// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Live frames: load the program, set its interface, run it. The call is bare here;
 * common/packets/live.c is the same for others, and knows what makes it quick.
 */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "gen.h"
#include "linux_compat.h"
#include "log.h"
#include "maps.h"
#include "rodata.h"

/* The devmap through which the program redirects, and its variables. */
static int connect_maps(struct live_sender *ls, const struct netif *dev)
{
	__u32 key = 0, ifindex = (__u32)dev->index;
	int devmap;

	devmap = maps_find(ls->at.obj, "gen_dev");
	ls->state = maps_find(ls->at.obj, ".bss");
	if (devmap < 0 || ls->state < 0)
		return -ENOEXEC;
	if (!bpf_map_update_elem(devmap, &key, &ifindex, BPF_ANY))
		return 0;
	pr_err("cannot send through '%s': %s", dev->name, strerror(errno));
	return -ENODEV;
}

int live_sender_open(struct live_sender *ls, const struct frame *frame, const struct gen_opts *opts)
{
	const struct attach_opts own = { 0 };
	struct bpf_program *prog;
	struct gen_settings gen;
	int err;

	err = attach_open(&ls->at, &own, "xdp_gen_kern.o", "xdp_gen_func");
	if (err)
		return err;
	frame_settings(frame, opts, &gen);
	err = rodata_set(ls->at.obj, "gen", &gen, sizeof(gen));
	if (!err)
		err = attach_load_only(&ls->at, &prog);
	if (!err)
		err = connect_maps(ls, &opts->dev);
	if (!err)
		live_open(&ls->live, bpf_program__fd(prog));
	return err;
}

/*
 * BPF_PROG_RUN with live frames: the kernel makes @count copies of the frame, runs
 * the program on each, and does what it returns. Returns when that is done.
 */
static int run_live(int prog_fd, const struct frame *frame, unsigned int count)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->data, .data_size_in = frame->len,
		    .repeat = (int)count, .batch_size = LIVE_BATCH,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);

	return bpf_prog_test_run_opts(prog_fd, &opts) ? -errno : 0;
}

int live_sender_send(struct live_sender *ls, const struct frame *frame, unsigned int count)
{
	unsigned long long before = live_sender_sent(ls);
	int err = count ? run_live(ls->live.prog_fd, frame, count) : 0;

	if (err == -EINTR)
		return 0;
	/* With its interface an element of a devmap vanishes. */
	return !err && live_sender_sent(ls) == before ? -ENODEV : err;
}

unsigned long long live_sender_sent(const struct live_sender *ls)
{
	struct gen_state state = { 0 };
	__u32 key = 0;

	/* An array of one element has that element: this cannot fail. */
	bpf_map_lookup_elem(ls->state, &key, &state);
	return state.sent;
}

void live_sender_close(struct live_sender *ls)
{
	live_close(&ls->live);
	attach_close(&ls->at);
}
