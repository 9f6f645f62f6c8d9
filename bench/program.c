// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The program of a case: loaded, and what the kernel says of it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach_explain.h"
#include "bench.h"
#include "log.h"
#include "prepare.h"

/* Nothing is pinned: a map of this run alone, wherever its program pins it. */
static void unpin(struct bpf_object *obj)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
		bpf_map__set_pin_path(map, NULL);
}

/* The text beside the object that says what programs are given. */
static int find_text(const struct bench_case *one, char *text, size_t size)
{
	const char *slash = strrchr(one->object, '/');
	int len = snprintf(text, size, "%.*s/prepare.txt",
			   (int)(slash - one->object), one->object);

	return len < (int)size ? 0 : -ENAMETOOLONG;
}

static int load(struct bench_case *one)
{
	static const struct attach_opts none;
	char text[PATH_MAX];
	int err = 0;

	if (one->prepared)
		err = find_text(one, text, sizeof(text));
	if (!err && one->prepared)
		err = prepare_network(text, one->prepared,
				      &one->packet.ingress);
	if (!err)
		err = attach_open(&one->at, &none, one->object, one->program);
	if (err)
		return err;
	unpin(one->at.obj);
	if (one->prepared)
		err = prepare_settings(text, one->prepared, one->at.obj);
	if (err)
		return err;
	err = bpf_object__load(one->at.obj);
	if (err)
		return attach_explain(&one->at, err);
	return one->prepared ?
		       prepare_elements(text, one->prepared, one->at.obj) :
		       0;
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
