/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Where a program redirects a packet to, and copies of loaded programs with more
 * instructions in them. Commands that only run a program use packets/prog_run.h.
 *
 * The kernel's test run returns XDP_REDIRECT and keeps the target to itself:
 * it is what the program has told bpf_redirect() or bpf_redirect_map(). So a
 * second program is made of the one under test: the same instructions, and in
 * front of each such call a few that store its arguments. It has the same
 * maps, returns the same verdicts, and is run instead of the other when the
 * target is needed.
 */
#ifndef COMMON_PROG_TARGET_H
#define COMMON_PROG_TARGET_H

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
 * 0; or -errno when it cannot be made, as the kernel refuses it. Then, and when
 * a tail-called program redirects, targets are unknown.
 */
int prog_target_open(struct prog_target_twin *twin, const struct bpf_program *prog);

/* Forget what it has stored, before a run. */
void prog_target_reset(struct prog_target_twin *twin);

/* The target of the packet for which @verdict was returned just now. */
void prog_target_read(struct prog_target_twin *twin, unsigned int verdict,
		      struct prog_target *target);

/* Release the second program, if there is one. */
void prog_target_close(struct prog_target_twin *twin);

/*
 * The flags that @prog was loaded with. What its section says of them, that it
 * takes packets of several pages, libbpf adds at load and does not report.
 */
__u32 prog_target_flags(const struct bpf_program *prog);

/*
 * Load the XDP program @name: @insns, @count instructions, which are a copy of loaded
 * program @prog with more in front or in between. It has the properties of @prog,
 * and the types of its functions, which the kernel needs where a helper is handed a
 * function (bpf_loop). Returns its descriptor, which the caller closes, or -errno.
 */
int prog_target_load_copy(const char *name, const struct bpf_program *prog,
			  const struct bpf_insn *insns, size_t count);

#endif /* COMMON_PROG_TARGET_H */
