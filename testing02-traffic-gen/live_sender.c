// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Load the program, connect it with the interface, run it. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "live_sender.h"
#include "log.h"
#include "maps.h"
#include "rodata.h"

/* The program's way out, and its variables. */
static int connect_maps(struct live_sender *ls, const struct netif *dev)
{
	__u32 key = 0, ifindex = (__u32)dev->index;
	int way_out;

	way_out = maps_find(ls->at.obj, "gen_dev");
	ls->state = maps_find(ls->at.obj, ".bss");
	if (way_out < 0 || ls->state < 0)
		return -ENOEXEC;
	if (!bpf_map_update_elem(way_out, &key, &ifindex, BPF_ANY))
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

int live_sender_send(struct live_sender *ls, const struct frame *frame, unsigned int count)
{
	const struct live_frame one = { .data = frame->data, .len = frame->len };
	unsigned long long before = live_sender_sent(ls);
	int err = live_send(&ls->live, &one, count);

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
