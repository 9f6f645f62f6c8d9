/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What probes are made of: the process and network namespace they run in, the
 * packets they send, and programs of a few instructions each, written as the
 * kernel takes them, so that no object file is needed. For probes_*.c;
 * commands use probe.h.
 *
 * An attempt, and most functions here, return 1 (works), 0 (this kernel lacks
 * it) or -errno (cannot be told), the latter two with the reason in the env.
 */
#ifndef COMMON_PROBE_PROG_H
#define COMMON_PROBE_PROG_H

#include <stddef.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "probe/probe.h"

#define PROBE_DEV "veth0" /* where programs are attached */
#define PROBE_PEER "veth1" /* where packets come from */
#define PROBE_MTU 1500
#define PROBE_ETHERTYPE 0x88b5 /* for experiments (IEEE 802) */
#define PROBE_FRAMES 3
#define PROBE_FRAME_LEN 60

/* How long to wait for packets and interfaces: long, if all CPUs are busy. */
#define PROBE_WAIT_STEPS 400
#define PROBE_WAIT_STEP_US 5000

/* Where a probe tries things: a process, and in it a network namespace with a pair of veths. */
struct probe_env {
	int dev, peer; /* interface indexes */
	int map_fd; /* an array with one __u64, which programs count in */
	char reason[PROBE_REASON_MAX];
};

/* A line of a table, with further members of struct probe behind it. */
/* clang-format off */
#define PROBE(name_, help_, attempt_, ...) \
	{ .name = (name_), .help = (help_), .attempt = (attempt_), .remedy = __VA_ARGS__ }
/* clang-format on */

#define PROBE_STOCK_KERNEL "boot a kernel as your distribution ships it"

/* The probes of each subject; the last line has no name. */
extern const struct probe probe_table_xdp[];
extern const struct probe probe_table_bpf[];
extern const struct probe probe_table_trace[];
extern const struct probe probe_table_net[];

/* Store the reason and return 0: this kernel lacks it. */
int probe_unsupported(struct probe_env *env, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Store the reason and return @err: it cannot be told. */
int probe_unknown(struct probe_env *env, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* An error number (positive) in words; also one that only the kernel uses. */
const char *probe_strerror(int error);

/* Cannot be told where /sys is not mounted, as in a bare chroot. */
int probe_sys(struct probe_env *env);

/* Enter a new network namespace, and make two veths of @mtu bytes in it. */
int probe_veths(struct probe_env *env, unsigned int mtu);

/* Send PROBE_FRAMES frames of PROBE_ETHERTYPE and @len bytes to PROBE_DEV. */
int probe_send(struct probe_env *env, size_t len);

/* Wait a moment until what is in env->map_fd has come to @expected. */
int probe_counted(struct probe_env *env, unsigned int expected);

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

/*
 * Load @n instructions. Returns a file descriptor, or -errno; no reason is
 * stored.
 */
int probe_prog_load(enum bpf_prog_type type, const struct bpf_insn *insns, size_t n,
		    struct bpf_prog_load_opts *opts);

/*
 * The same for a program of packets (XDP or tc) that counts those of
 * PROBE_ETHERTYPE in env->map_fd, which is made here, and returns @verdict.
 */
int probe_prog_packets(struct probe_env *env, enum bpf_prog_type type, int verdict,
		       struct bpf_prog_load_opts *opts);

/* The same for a program of any kind that counts its runs. */
int probe_prog_runs(struct probe_env *env, enum bpf_prog_type type,
		    struct bpf_prog_load_opts *opts);

/* Run an XDP program once on a small packet: its verdict, or -errno. */
int probe_prog_run(int fd);

#endif /* COMMON_PROBE_PROG_H */
