/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Instructions one after the other. Part of put_back. */
#ifndef WRITER_H
#define WRITER_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

struct bench_packet;

struct writer {
	struct bpf_insn *at;
	size_t n;
};

#define LOAD (BPF_LDX | BPF_MEM | BPF_W)
#define LOAD_WIDE (BPF_LDX | BPF_MEM | BPF_DW)
#define STORE (BPF_STX | BPF_MEM | BPF_DW)
#define WIDE (BPF_LD | BPF_DW | BPF_IMM)
#define COPY (BPF_ALU64 | BPF_MOV | BPF_X)
#define SET (BPF_ALU64 | BPF_MOV | BPF_K)
#define STORE_NUMBER (BPF_ST | BPF_MEM)
#define CTX(member) ((int)offsetof(struct xdp_md, member))

/* One instruction: code, destination, source, offset, number. */
static inline void put(struct writer *w, int code, int dst, int src, int off, int imm)
{
	w->at[w->n++] = (struct bpf_insn){
		.code = (__u8)code,
		.dst_reg = dst & 0xf,
		.src_reg = src & 0xf,
		.off = (__s16)off,
		.imm = imm,
	};
}

/* R2 and R3: start and end of the packet; R1 is the context. */
static inline void load_packet(struct writer *w)
{
	put(w, LOAD, BPF_REG_2, BPF_REG_1, CTX(data), 0);
	put(w, LOAD, BPF_REG_3, BPF_REG_1, CTX(data_end), 0);
}

/*
 * put_back_bytes.c: which bytes of @len are stored when these have @changed;
 * with them go the gaps and what belongs to them. Stored in @to. Returns where
 * the last one ends, 0: there are none.
 */
unsigned int writer_cover(const bool *changed, unsigned int len, bool *to);

/*
 * Store @bytes of the packet where R2 points, in as large pieces as there are.
 * Those that would lie behind the first @max bytes are stored at the start: the
 * packet has no room for them when it was made shorter with no program there.
 */
void writer_store(struct writer *w, const struct bench_packet *packet, const bool *bytes,
		  unsigned int max);

#endif /* WRITER_H */
