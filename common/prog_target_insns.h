/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Instructions put into a program. Part of prog_target. */
#ifndef COMMON_PROG_TARGET_INSNS_H
#define COMMON_PROG_TARGET_INSNS_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* What is stored at a call that redirects. */
struct prog_target_record {
	__u64 helper; /* number of the helper; 0: there was no call */
	__u64 map; /* the map's address in the kernel */
	__u64 where; /* the interface, or the key in the map */
	__u64 flags;
};

/* Whether @insn calls one of the two helpers that redirect. */
bool prog_target_is_call(const struct bpf_insn *insn);

/*
 * Copy @count instructions, and put in front of each call that redirects what
 * stores a struct prog_target_record in the one element of map @map_fd; jumps
 * are corrected. Stores their number in *@new_count. Returns what the caller
 * frees, or NULL (no memory, a jump too far).
 */
struct bpf_insn *prog_target_insert(const struct bpf_insn *insns, size_t count, int map_fd,
				    size_t *new_count);

/*
 * The address of map @fd in the kernel, as a program that stores it in map
 * @record_fd sees it; 0 when that cannot be run.
 */
__u64 prog_target_address(int fd, int record_fd);

#endif /* COMMON_PROG_TARGET_INSNS_H */
