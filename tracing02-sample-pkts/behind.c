// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * A tail call jumps to another program, which then has the packet for its own.
 * It needs nothing but a map, so it works where the kernel lets nobody look
 * into programs: the packet is sampled, and dropped afterwards.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "attach.h"
#include "behind.h"
#include "log.h"
#include "packets/prog_target.h"

#define MAP "sample_behind"

static int fail(int err)
{
	pr_err("cannot put a program into map '" MAP "': %s", strerror(-err));
	return -ENOEXEC;
}

int behind_open(struct behind *behind, const struct attach_opts *opts)
{
	struct bpf_program *prog;
	__u32 key = 0;
	int err, fd;

	err = attach_open(&behind->at, opts, NULL, NULL);
	if (!err)
		err = attach_load_only(&behind->at, &prog);
	if (err)
		return err;
	fd = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, MAP, sizeof(key), sizeof(__u32), 1, NULL);
	if (fd < 0)
		return fail(-errno);
	behind->map_fd = fd;
	fd = bpf_program__fd(prog);
	err = bpf_map_update_elem(behind->map_fd, &key, &fd, BPF_ANY);
	return err ? fail(-errno) : 0;
}

/* Programs that call each other take packets of several pages both or not. */
static int match_frags(const struct behind *behind, const struct attach *at)
{
	const struct bpf_program *prog = bpf_object__find_program_by_name(
		behind->at.obj, xdp_program__name(behind->at.prog));
	bool frags = prog_target_flags(prog) & BPF_F_XDP_HAS_FRAGS;

	return xdp_program__set_xdp_frags_support(at->prog, frags);
}

int behind_use(const struct behind *behind, const struct attach *at)
{
	struct bpf_map *map = bpf_object__find_map_by_name(at->obj, MAP);
	int err = map ? bpf_map__reuse_fd(map, behind->map_fd) : -ENOENT;

	if (!err)
		err = match_frags(behind, at);
	return err ? fail(err) : 0;
}

void behind_close(struct behind *behind)
{
	if (behind->map_fd)
		close(behind->map_fd);
	attach_close(&behind->at);
}
