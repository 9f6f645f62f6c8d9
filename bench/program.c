// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The program of a case: loaded, and what the kernel says of it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "bench.h"
#include "log.h"
#include "packets/prepare.h"

/* Nothing is pinned: a map of this run alone, wherever its program pins it. */
static void unpin(struct bpf_object *obj)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
		bpf_map__set_pin_path(map, NULL);
}

int program_find(struct attach *at, const char *object, const char *program)
{
	static const struct attach_opts none;
	int err = attach_open(at, &none, object, program);

	if (!err)
		unpin(at->obj);
	return err;
}

int program_load(struct attach *at)
{
	int err = bpf_object__load(at->obj);

	return err ? attach_explain(at, err) : 0;
}

struct bpf_program *program_of(const struct attach *at)
{
	return bpf_object__find_program_by_name(at->obj, xdp_program__name(at->prog));
}

/* The text beside the object that says what programs are given. */
static int find_text(const struct bench_case *one, char *text, size_t size)
{
	const char *slash = strrchr(one->object, '/');
	int len = snprintf(text, size, "%.*s/prepare.txt", (int)(slash - one->object), one->object);

	return len < (int)size ? 0 : -ENAMETOOLONG;
}

static int load(struct bench_case *one)
{
	char text[PATH_MAX];
	int err = 0;

	if (one->prepared)
		err = find_text(one, text, sizeof(text));
	if (!err && one->prepared)
		err = prepare_network(text, one->prepared, &one->packet.ingress);
	if (!err)
		err = program_find(&one->at, one->object, one->program);
	if (!err && one->prepared)
		err = prepare_settings(text, one->prepared, one->at.obj);
	if (!err)
		err = program_load(&one->at);
	if (!err && one->prepared)
		err = prepare_elements(text, one->prepared, one->at.obj);
	return err;
}

/* Of the program itself, not of the copy that puts the packet back. */
static int ask_sizes(struct bench_case *one, int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len)) {
		pr_err("cannot ask about '%s': %s", one->program, strerror(errno));
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
	prog = program_of(&one->at);
	err = ask_sizes(one, bpf_program__fd(prog));
	if (err)
		return err;
	return put_back_open(&one->back, prog, one->program, &one->packet);
}
