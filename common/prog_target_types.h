/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The types of a program's functions, for a copy of it. Part of prog_target.
 * The kernel asks for them where a helper is handed a function (bpf_loop).
 */
#ifndef COMMON_PROG_TARGET_TYPES_H
#define COMMON_PROG_TARGET_TYPES_H

#include <linux/bpf.h>
#include <stddef.h>

struct prog_target_types {
	int btf_fd; /* 0: there are none */
	void *info; /* a struct bpf_func_info for each function */
	__u32 count, size; /* how many, of how many bytes each */
};

/*
 * Ask the kernel for the types of program @fd, and say where the functions of
 * its copy begin: @insns, @count instructions. Returns 0; -ENOENT when there
 * are none or they do not fit; another -errno. On error *@types is all zeros.
 */
int prog_target_types_open(struct prog_target_types *types, int fd, const struct bpf_insn *insns,
			   size_t count);

void prog_target_types_close(struct prog_target_types *types);

#endif /* COMMON_PROG_TARGET_TYPES_H */
