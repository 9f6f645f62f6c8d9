// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The program of a case: loaded, and what the kernel says of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach_explain.h"
#include "bench.h"
#include "log.h"

/* Nothing is pinned: a map of this run alone, wherever its program pins it. */
static void unpin(struct bpf_object *obj)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
		bpf_map__set_pin_path(map, NULL);
}

static int load(struct bench_case *one)
{
	static const struct attach_opts none;
	int err = attach_open(&one->at, &none, one->object, one->program);

	if (err)
		return err;
	unpin(one->at.obj);
	err = bpf_object__load(one->at.obj);
	return err ? attach_explain(&one->at, err) : 0;
}

/* Of the program itself, not of the copy that puts the packet back. */
static int ask_sizes(struct bench_case *one, int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len)) {
		pr_err("cannot ask about '%s': %s", one->program,
		       strerror(errno));
		return -EIO;
	}
	one->jited = info.jited_prog_len;
	/* 5.16; an older kernel stores nothing here. */
	one->verified = info.verified_insns;
	return 0;
}

int program_open(struct bench_case *one)
{
	struct bpf_program *prog;
	int err = load(one);

	if (err)
		return err;
	prog = bpf_object__find_program_by_name(
		one->at.obj, xdp_program__name(one->at.prog));
	err = ask_sizes(one, bpf_program__fd(prog));
	if (err)
		return err;
	return put_back_open(&one->back, prog, one->program, &one->packet);
}
