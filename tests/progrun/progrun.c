/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "packets/prepare.h"
#include "progrun.h"

static void give_up(const char *what, const char *name, int err)
{
	printf("# cannot %s '%s': %s\n", what, name, strerror(-err));
	exit(1);
}

struct bpf_object *progrun_open(const char *name)
{
	struct bpf_object *obj;
	char path[4096];

	snprintf(path, sizeof(path), "%s", program_invocation_name);
	if (strrchr(path, '/'))
		strrchr(path, '/')[1] = '\0';
	else
		path[0] = '\0';
	strncat(path, name, sizeof(path) - strlen(path) - 1);

	obj = bpf_object__open_file(path, NULL);
	if (!obj)
		give_up("open", path, -errno);
	return obj;
}

struct bpf_object *progrun_load(const char *name)
{
	struct bpf_object *obj = progrun_open(name);
	int err = bpf_object__load(obj);

	if (err)
		give_up("load", name, err);
	return obj;
}

void progrun_prepare(struct bpf_object *obj, const char *folder, const char *name,
		     unsigned int *ingress)
{
	char text[4096];
	int err = 0;

	snprintf(text, sizeof(text), "%s/prepare.txt", folder);
	*ingress = 0;
	if (*name)
		err = prepare_network(text, name, ingress);
	if (!err && *name)
		err = prepare_settings(text, name, obj);
	if (!err)
		err = bpf_object__load(obj);
	if (!err && *name)
		err = prepare_elements(text, name, obj);
	if (err)
		give_up("prepare", bpf_object__name(obj), err);
}

int progrun_prog(struct bpf_object *obj, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);

	if (!prog)
		give_up("find", name, -ENOENT);
	return bpf_program__fd(prog);
}

void *progrun_globals(struct bpf_object *obj, size_t size)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, ".bss");
	void *globals;

	if (!map)
		give_up("find", ".bss", -ENOENT);
	if (bpf_map__value_size(map) < size)
		give_up("read", ".bss", -EINVAL);
	globals = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (globals == MAP_FAILED)
		give_up("map", ".bss", -errno);
	return globals;
}

__u32 progrun(int prog, const struct packet *in, struct packet *out)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = in->data, .data_size_in = in->len,
		    .data_out = out ? out->data : NULL,
		    .data_size_out = out ? sizeof(out->data) : 0, .repeat = 1);
	int err = bpf_prog_test_run_opts(prog, &opts);

	if (err)
		give_up("run", "a packet", err);
	if (out)
		out->len = opts.data_size_out;
	return opts.retval;
}
