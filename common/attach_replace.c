// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The place of others: taken with --force, or shared after all. */
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "attach.h"
#include "attach_alone.h"
#include "attach_replace.h"
#include "attach_unload.h"
#include "log.h"

#define JOIN_TRIES 3

/* Ours is behind the dispatcher by now: take the others out of it. */
static int remove_others(struct attach *at)
{
	struct attach_entry ours = { .id = xdp_program__id(at->prog),
				     .mode = at->before.entry[0].mode,
				     .dispatched = true };
	int err = 0, i;

	for (i = 0; !err && i < at->before.count; i++)
		err = attach_remove(&at->dev, &at->before.entry[i]);
	if (!err)
		return 0;
	attach_remove(&at->dev, &ours);
	return -ECANCELED;
}

/* Whether our program would go where the only one that is there is. */
static bool same_slot(const struct attach *at)
{
	const struct attach_entry *old = &at->before.entry[0];

	if (at->before.count != 1 || old->dispatched)
		return false;
	if (old->mode == XDP_MODE_SKB)
		return at->mode == XDP_MODE_SKB;
	return old->mode == XDP_MODE_NATIVE &&
	       (at->mode == XDP_MODE_NATIVE || at->mode == XDP_MODE_UNSPEC);
}

int attach_load_plain(struct attach *at)
{
	struct xdp_program *loaded;
	struct bpf_program *prog;
	int err;

	if (xdp_program__fd(at->prog) >= 0)
		return 0; /* libxdp has loaded it, without a dispatcher */
	prog = bpf_object__find_program_by_name(at->obj, xdp_program__name(at->prog));
	err = bpf_object__load(at->obj);
	if (err)
		return err;
	loaded = xdp_program__from_fd(bpf_program__fd(prog));
	err = (int)libxdp_get_error(loaded);
	if (err)
		return err;
	xdp_program__close(at->prog);
	at->prog = loaded;
	return 0;
}

/* Have the kernel swap the program that is there for ours. */
static int swap(struct attach *at)
{
	const struct attach_entry *old = &at->before.entry[0];
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts);
	__u32 flags = XDP_FLAGS_DRV_MODE;
	int err;

	if (old->mode == XDP_MODE_SKB)
		flags = XDP_FLAGS_SKB_MODE;
	err = attach_load_plain(at);
	if (err)
		return err;
	opts.old_prog_fd = bpf_prog_get_fd_by_id(old->id);
	if (opts.old_prog_fd < 0)
		return opts.old_prog_fd;
	err = bpf_xdp_attach(at->dev.index, xdp_program__fd(at->prog), flags, &opts);
	if (err) {
		close(opts.old_prog_fd);
		return err;
	}
	at->taken[at->n_taken++] = (struct attach_taken){ .fd = opts.old_prog_fd,
							  .mode = old->mode,
							  .id = old->id };
	return 0;
}

/* Empty the interface, then attach; put back what was there if that fails. */
static int take_off_first(struct attach *at)
{
	if (attach_take_off(&at->dev, at->taken, &at->n_taken) < 0)
		return -ECANCELED;
	return xdp_program__attach(at->prog, at->dev.index, (enum xdp_attach_mode)at->mode, 0);
}

int attach_replace(struct attach *at, int err)
{
	if (!err)
		return remove_others(at);
	/* E2BIG: no room in the dispatcher, or a program that is too long. */
	if (err == -E2BIG && !log_rejected(xdp_program__name(at->prog)))
		return take_off_first(at);
	if (err != -EBUSY && err != -EEXIST)
		return err;
	if (same_slot(at) && (at->alone || attach_refuses_freplace())) {
		err = swap(at);
		if (err != -EBUSY)
			return err;
	}
	return take_off_first(at);
}

int attach_join(struct attach *at, int err)
{
	int tries;

	for (tries = 0; tries < JOIN_TRIES; tries++) {
		if (err != -EBUSY && err != -EEXIST)
			return err;
		if (attach_query(&at->dev, &at->before) || !at->before.count ||
		    !at->before.entry[0].dispatched)
			return err;
		if (at->mode == XDP_MODE_UNSPEC)
			at->mode = at->before.entry[0].mode;
		err = xdp_program__attach(at->prog, at->dev.index, (enum xdp_attach_mode)at->mode,
					  0);
	}
	return err;
}
