/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The programs that probes load: a few instructions each, written here as the
 * kernel takes them, so that no object file is needed. Part of probe; commands
 * use probe.h.
 */
#ifndef COMMON_PROBE_PROG_H
#define COMMON_PROBE_PROG_H

#include <stddef.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "probe/probe.h"

/* clang-format off */
#define PROBE_INSN(code_, dst_, src_, off_, imm_) \
	((struct bpf_insn){ .code = (code_), .dst_reg = (dst_), \
			    .src_reg = (src_), .off = (off_), .imm = (imm_) })
/* dst = imm; dst = src; dst += imm */
#define PROBE_SET(dst, imm) \
	PROBE_INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm)
#define PROBE_COPY(dst, src) \
	PROBE_INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define PROBE_ADD(dst, imm) \
	PROBE_INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm)
/* dst = imm, without its sign */
#define PROBE_SET32(dst, imm) \
	PROBE_INSN(BPF_ALU | BPF_MOV | BPF_K, dst, 0, 0, imm)
/* dst = *(size *)(src + off) */
#define PROBE_LOAD(size, dst, src, off) \
	PROBE_INSN(BPF_LDX | BPF_MEM | (size), dst, src, off, 0)
/* *(u64 *)(dst + off) = imm */
#define PROBE_STORE(dst, off, imm) \
	PROBE_INSN(BPF_ST | BPF_MEM | BPF_DW, dst, 0, off, imm)
/* dst = the map of descriptor fd: two instructions */
#define PROBE_MAP(dst, fd) \
	PROBE_INSN(BPF_LD | BPF_DW | BPF_IMM, dst, BPF_PSEUDO_MAP_FD, 0, fd), \
	PROBE_INSN(0, 0, 0, 0, 0)
/* dst = address of the value of a map with one element: two instructions */
#define PROBE_VALUE(dst, fd) \
	PROBE_INSN(BPF_LD | BPF_DW | BPF_IMM, dst, BPF_PSEUDO_MAP_VALUE, \
		   0, fd), \
	PROBE_INSN(0, 0, 0, 0, 0)
/* lock *(u64 *)dst += src */
#define PROBE_ATOMIC_ADD(dst, src) \
	PROBE_INSN(BPF_STX | BPF_ATOMIC | BPF_DW, dst, src, 0, BPF_ADD)
#define PROBE_CALL(helper) \
	PROBE_INSN(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define PROBE_JUMP_GT(dst, src, n) \
	PROBE_INSN(BPF_JMP | BPF_JGT | BPF_X, dst, src, n, 0)
#define PROBE_JUMP_NE(dst, imm, n) \
	PROBE_INSN(BPF_JMP | BPF_JNE | BPF_K, dst, 0, n, imm)
#define PROBE_EXIT() PROBE_INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
/* clang-format on */

#define PROBE_N(a) (sizeof(a) / sizeof((a)[0]))

/* A program with types, which other programs can replace or trace. */
struct probe_target {
	struct bpf_func_info func;
	int btf_fd;
	int fd; /* an XDP program that returns XDP_PASS */
};

/* An error number (positive) in words; also one that only the kernel uses. */
const char *probe_strerror(int error);

/*
 * Load @n instructions. Returns a file descriptor, or -errno; no reason is
 * stored.
 */
int probe_prog_load(enum bpf_prog_type type, const struct bpf_insn *insns, size_t n,
		    struct bpf_prog_load_opts *opts);

/*
 * Load a program of packets (XDP or tc) that counts those of PROBE_ETHERTYPE in
 * env->map_fd, which is made here, and returns @verdict.
 */
int probe_prog_packets(struct probe_env *env, enum bpf_prog_type type, int verdict,
		       struct bpf_prog_load_opts *opts);

/* The same for a program of any kind that counts its runs. */
int probe_prog_runs(struct probe_env *env, enum bpf_prog_type type,
		    struct bpf_prog_load_opts *opts);

/*
 * Load the target; its descriptors stay open. Returns 1, 0 or -errno like a
 * probe.
 */
int probe_prog_target(struct probe_env *env, struct probe_target *target);

/* Run an XDP program once on a small packet: its verdict, or -errno. */
int probe_prog_run(int fd);

#endif /* COMMON_PROBE_PROG_H */
