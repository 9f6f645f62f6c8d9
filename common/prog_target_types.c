// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The types of a program's functions. The kernel has a list of them, ordered
 * by where each function begins. That has moved in the copy; the order has not.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "prog_target_types.h"

/* Fetch the list. */
static int fetch(struct prog_target_types *types, int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info), count, size;

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	count = info.nr_func_info;
	size = info.func_info_rec_size;
	if (!info.btf_id || !count || size < sizeof(struct bpf_func_info))
		return -ENOENT;
	types->info = calloc(count, size);
	if (!types->info)
		return -ENOMEM;
	memset(&info, 0, sizeof(info));
	len = sizeof(info);
	info.nr_func_info = count;
	info.func_info_rec_size = size;
	info.func_info = (__u64)(unsigned long)types->info;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	types->count = count;
	types->size = size;
	types->btf_fd = bpf_btf_get_fd_by_id(info.btf_id);
	return types->btf_fd < 0 ? -errno : 0;
}

/* The function that an instruction calls or points to; 0: none. */
static size_t function_of(const struct bpf_insn *insn, size_t i)
{
	bool calls = insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL;
	bool points = insn->code == (BPF_LD | BPF_DW | BPF_IMM) && insn->src_reg == BPF_PSEUDO_FUNC;

	return calls || points ? (size_t)((long)i + 1 + insn->imm) : 0;
}

/* Marks the first instruction of each function; returns how many there are. */
static size_t mark_functions(const struct bpf_insn *insns, size_t count, bool *begins)
{
	size_t i, at, found = 1;

	begins[0] = true;
	for (i = 0; i < count; i++) {
		at = function_of(&insns[i], i);
		if (at < count && !begins[at]) {
			begins[at] = true;
			found++;
		}
	}
	return found;
}

/* Say where each function begins in the copy. */
static int move(struct prog_target_types *types, const struct bpf_insn *insns, size_t count)
{
	bool *begins = calloc(count, sizeof(*begins));
	char *next = types->info;
	int err = 0;
	size_t i;

	if (!begins)
		return -ENOMEM;
	/* A function that nothing leads to was removed by the kernel. */
	if (mark_functions(insns, count, begins) != types->count)
		err = -ENOENT;
	for (i = 0; !err && i < count; i++) {
		if (!begins[i])
			continue;
		((struct bpf_func_info *)next)->insn_off = (__u32)i;
		next += types->size;
	}
	free(begins);
	return err;
}

int prog_target_types_open(struct prog_target_types *types, int fd, const struct bpf_insn *insns,
			   size_t count)
{
	int err;

	*types = (struct prog_target_types){ 0 };
	err = fetch(types, fd);
	if (!err)
		err = move(types, insns, count);
	if (err)
		prog_target_types_close(types);
	return err;
}

void prog_target_types_close(struct prog_target_types *types)
{
	if (types->btf_fd > 0)
		close(types->btf_fd);
	free(types->info);
	*types = (struct prog_target_types){ 0 };
}
