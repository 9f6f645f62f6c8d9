/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Where a program redirects a packet to. Part of prog_run; commands use
 * packets/prog_run.h.
 *
 * The kernel's test run returns XDP_REDIRECT and keeps the target to itself:
 * it is what the program has told bpf_redirect() or bpf_redirect_map(). So a
 * second program is made of the one under test: the same instructions, and in
 * front of each such call a few that store its arguments. It has the same
 * maps, returns the same verdicts, and is run instead of the other when the
 * target is asked for.
 */
#ifndef COMMON_PROG_TARGET_H
#define COMMON_PROG_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/bpf.h>
#include <linux/types.h>

struct bpf_program;

enum prog_target_kind {
	PROG_TARGET_NONE, /* the verdict is another one */
	PROG_TARGET_UNKNOWN,
	PROG_TARGET_DEV, /* interface .ifindex */
	PROG_TARGET_DEVS, /* broadcast: all of the map's */
	PROG_TARGET_CPU, /* CPU .key */
	PROG_TARGET_SOCKET, /* the AF_XDP socket at .key */
};

struct prog_target {
	enum prog_target_kind kind;
	unsigned int ifindex; /* 0: the map's element was not there */
	unsigned int key; /* the map's key, where there is a map */
	char map[BPF_OBJ_NAME_LEN]; /* empty: no map, bpf_redirect() */
};

/* More maps that redirect than this, and some stay unknown. */
#define PROG_TARGET_MAPS 16

/* The second program. Zeroed, it stands for none. */
struct prog_target_twin {
	int fd; /* of the program; 0: there is none */
	int map_fd; /* what it stores arguments in */
	int count; /* maps that the program may redirect through */
	struct {
		int fd; /* its object owns it */
		__u64 address; /* what the program calls it */
	} maps[PROG_TARGET_MAPS];
};

/*
 * Make the second program of loaded program @prog, if that redirects. Returns
 * 0; or -errno when it cannot be made, as the kernel does not take it. Then,
 * and when a tail-called program redirects, targets are unknown.
 */
int prog_target_open(struct prog_target_twin *twin, const struct bpf_program *prog);

/*
 * The flags that @prog was loaded with. What its section says of them, that it
 * takes packets of several pages, libbpf adds at load and does not tell.
 */
__u32 prog_target_flags(const struct bpf_program *prog);

/* Forget what it has stored, before a run. */
void prog_target_reset(struct prog_target_twin *twin);

/* The target of the packet for which @verdict was returned just now. */
void prog_target_read(struct prog_target_twin *twin, unsigned int verdict,
		      struct prog_target *target);

/* Release the second program, if there is one. */
void prog_target_close(struct prog_target_twin *twin);

/*
 * The types of a program's functions, for a copy of it. Part of prog_target.
 * The kernel asks for them where a helper is handed a function (bpf_loop).
 */

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

/* Instructions put into a program. Part of prog_target. */

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

#endif /* COMMON_PROG_TARGET_H */
