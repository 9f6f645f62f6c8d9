// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Instructions in front of a program. All that a program says of its own
 * places counts from the instruction at hand, so nothing in it is corrected.
 */
#include <stdlib.h>
#include <string.h>

#include "put_back.h"
#include "writer.h"

/* More than there is beside the stores. */
#define OTHERS 24

/*
 * The start of the packet, where the length says that it was moved. With
 * @alone it is moved in any case: there or back.
 */
static void move_start(struct writer *w, int move, unsigned int len, bool alone)
{
	load_packet(w);
	put(w, COPY, BPF_REG_6, BPF_REG_1, 0, 0);
	put(w, BPF_ALU64 | BPF_SUB | BPF_X, BPF_REG_3, BPF_REG_2, 0, 0);
	put(w, SET, BPF_REG_2, 0, 0, alone ? move : -move);
	put(w, BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_3, 0, 1, (int)len);
	if (alone)
		put(w, SET, BPF_REG_2, 0, 0, -move);
	put(w, BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_xdp_adjust_head);
	put(w, COPY, BPF_REG_1, BPF_REG_6, 0, 0);
}

/* The start and the bytes, where the packet is long enough for all of them. */
static void put_all(struct writer *w, const struct put_back *back,
		    const struct bench_packet *packet, bool *bytes, bool alone)
{
	unsigned int end = writer_cover(back->changed, packet->len, bytes);
	unsigned int max = packet->len;
	size_t check;

	if (alone && max > (unsigned int)abs(back->move))
		max -= (unsigned int)abs(back->move);
	if (back->move)
		move_start(w, back->move, packet->len, alone);
	if (!end)
		return;
	load_packet(w);
	put(w, COPY, BPF_REG_4, BPF_REG_2, 0, 0);
	put(w, BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_4, 0, 0, (int)(end < max ? end : max));
	check = w->n;
	put(w, BPF_JMP | BPF_JGT | BPF_X, BPF_REG_4, BPF_REG_3, 0, 0);
	writer_store(w, packet, bytes, max);
	w->at[check].off = (__s16)(w->n - check - 1);
}

struct bpf_insn *put_back_build(const struct put_back *back, const struct bench_packet *packet,
				const struct bpf_insn *insns, size_t count, size_t *made)
{
	/* A store may take three instructions. */
	struct writer w = { .at = calloc(OTHERS + 3 * packet->len + count, sizeof(*w.at)) };
	bool *bytes = calloc(packet->len, sizeof(*bytes));

	if (w.at && bytes) {
		put_all(&w, back, packet, bytes, !insns);
		if (insns) {
			memcpy(w.at + w.n, insns, count * sizeof(*insns));
		} else {
			put(&w, SET, BPF_REG_0, 0, 0, XDP_PASS);
			put(&w, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
		}
	} else {
		free(w.at);
		w.at = NULL;
	}
	free(bytes);
	*made = w.n + count;
	return w.at;
}
