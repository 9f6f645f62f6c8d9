// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Programs that are measured: those of objects, empty ones, and copies with
 * instructions in front, which put the packet back.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "bench.h"
#include "log.h"
#include "packets/prog_target.h"

int program_find(struct attach *at, const char *object, const char *program)
{
	static const struct attach_opts none;
	int err = attach_open(at, &none, object, program);
	struct bpf_map *map;

	if (err)
		return err;
	/* A map of this run alone, wherever its program pins it. */
	bpf_object__for_each_map(map, at->obj)
		bpf_map__set_pin_path(map, NULL);
	return 0;
}

int program_load(struct attach *at)
{
	int err = bpf_object__load(at->obj);

	return err ? attach_explain(at, err) : 0;
}

struct bpf_program *program_of(const struct attach *at)
{
	return bpf_object__find_program_by_name(at->obj, xdp_program__name(at->prog));
}

const char *verdict_name(unsigned int verdict)
{
	static const char *const names[] = {
		"XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT",
	};

	return verdict <= XDP_REDIRECT ? names[verdict] : "XDP_?";
}

/* Instructions, one after the other. */
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
static void put(struct writer *w, int code, int dst, int src, int off, int imm)
{
	w->at[w->n++] = (struct bpf_insn){
		.code = (__u8)code,
		.dst_reg = dst & 0xf,
		.src_reg = src & 0xf,
		.off = (__s16)off,
		.imm = imm,
	};
}

static void put_exit(struct writer *w, enum xdp_action verdict)
{
	put(w, SET, BPF_REG_0, 0, 0, (int)verdict);
	put(w, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

int program_returns(enum xdp_action verdict, int ifindex)
{
	struct bpf_insn insns[4];
	struct writer w = { .at = insns };
	int fd;

	if (verdict == XDP_REDIRECT) {
		put(&w, SET, BPF_REG_1, 0, 0, ifindex);
		put(&w, SET, BPF_REG_2, 0, 0, 0);
		put(&w, BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect);
		put(&w, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	} else {
		put_exit(&w, verdict);
	}
	fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "bench_empty", "GPL", w.at, w.n, NULL);
	if (fd >= 0)
		return fd;
	pr_err("cannot load the empty program: %s%s", strerror(errno),
	       errno == EPERM ? " (run it as root)" : "");
	return -EIO;
}

/*
 * Copies, with instructions in front of a program. All that it says of its own places
 * counts from the instruction at hand, so nothing in it is corrected.
 *
 * Bytes are put back in pieces that later loads can be served from. A processor waits
 * for a load that needs bytes of two stores which are still on their way: about 4 ns
 * that no real packet costs. So addresses are put back whole, small gaps are filled, and
 * pieces have 8 bytes.
 */

/* R2 and R3: start and end of the packet; R1 is the context. */
static void put_load_packet(struct writer *w)
{
	put(w, LOAD, BPF_REG_2, BPF_REG_1, CTX(data), 0);
	put(w, LOAD, BPF_REG_3, BPF_REG_1, CTX(data_end), 0);
}

/* More than there is beside the stores. */
#define OTHERS 24
/* Smaller gaps between changed bytes are put back as well. */
#define GAP 8

/*
 * Which bytes of @len are stored when these have @changed: with them go the gaps
 * and what belongs to them. Stored in @to. Returns where the last one ends, 0: there
 * are none.
 */
static unsigned int cover(const bool *changed, unsigned int len, bool *to)
{
	unsigned int i, end = 0;

	memcpy(to, changed, len);
	for (i = 0; i < ETH_HLEN; i++)
		if (changed[i])
			memset(to, true, ETH_HLEN);
	for (i = 0; i < len; i++) {
		if (!to[i])
			continue;
		/* Headers begin at even bytes, and so do their members. */
		if (i % 2)
			to[i - 1] = true;
		if (end && i - end < GAP)
			memset(to + end, true, i - end);
		end = i + 1;
		if (end % 2 && end < len)
			to[end++] = true;
	}
	return end;
}

/* Store the @size bytes at @data, 8 or a smaller power of 2, at @off from R2. */
static void put_store(struct writer *w, const unsigned char *data, unsigned int off,
		      unsigned int size)
{
	__s32 half[2] = { *data };
	__u16 two;

	switch (size) {
	case 8:
		memcpy(half, data, sizeof(half));
		put(w, WIDE, BPF_REG_5, 0, 0, half[0]);
		put(w, 0, 0, 0, 0, half[1]);
		put(w, STORE, BPF_REG_2, BPF_REG_5, (int)off, 0);
		return;
	case 4:
		memcpy(half, data, sizeof(*half));
		put(w, STORE_NUMBER | BPF_W, BPF_REG_2, 0, (int)off, half[0]);
		return;
	case 2:
		memcpy(&two, data, sizeof(two));
		put(w, STORE_NUMBER | BPF_H, BPF_REG_2, 0, (int)off, two);
		return;
	default:
		put(w, STORE_NUMBER | BPF_B, BPF_REG_2, 0, (int)off, half[0]);
	}
}

/*
 * Store @bytes of the packet where R2 points, in as large pieces as there are.
 * Those that would lie behind the first @max bytes are stored at the start: the
 * packet has no room for them when it was made shorter with no program there.
 */
static void put_stores(struct writer *w, const struct bench_packet *packet, const bool *bytes,
		       unsigned int max)
{
	unsigned int i = 0, size, n;

	while (i < packet->len) {
		for (n = 0; n < 8 && i + n < packet->len && bytes[i + n]; n++)
			;
		for (size = 8; size > n; size /= 2)
			;
		if (size)
			put_store(w, packet->data + i, i + size > max ? 0 : i, size);
		i += size ? size : 1;
	}
}

/*
 * The start of the packet, where the length says that it was moved. With
 * @alone it is moved in any case: there or back.
 */
static void put_move(struct writer *w, int move, unsigned int len, bool alone)
{
	put_load_packet(w);
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
static void put_all(struct writer *w, const struct bench_packet *packet, bool *bytes, bool alone)
{
	unsigned int end = cover(packet->changed, packet->len, bytes);
	unsigned int max = packet->len;
	size_t check;

	if (alone && max > (unsigned int)abs(packet->move))
		max -= (unsigned int)abs(packet->move);
	if (packet->move)
		put_move(w, packet->move, packet->len, alone);
	if (!end)
		return;
	put_load_packet(w);
	put(w, COPY, BPF_REG_4, BPF_REG_2, 0, 0);
	put(w, BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_4, 0, 0, (int)(end < max ? end : max));
	check = w->n;
	put(w, BPF_JMP | BPF_JGT | BPF_X, BPF_REG_4, BPF_REG_3, 0, 0);
	put_stores(w, packet, bytes, max);
	w->at[check].off = (__s16)(w->n - check - 1);
}

/* Load what was written, with the instructions of @prog behind it, if there is one; free it. */
static int load_written(struct writer *w, const struct bpf_program *prog)
{
	size_t count = prog ? bpf_program__insn_cnt(prog) : 0;
	int fd;

	if (!prog) {
		put_exit(w, XDP_PASS);
		fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "bench", "GPL", w->at, w->n, NULL);
	} else {
		memcpy(w->at + w->n, bpf_program__insns(prog), count * sizeof(*w->at));
		fd = prog_target_load_copy("bench", prog, w->at, w->n + count);
	}
	free(w->at);
	return fd;
}

int program_copy(const struct bpf_program *prog, const struct bench_packet *packet)
{
	size_t count = prog ? bpf_program__insn_cnt(prog) : 0;
	/* A store may take three instructions. */
	struct writer w = { .at = calloc(OTHERS + 3 * packet->len + count, sizeof(*w.at)) };
	bool *bytes = calloc(packet->len, sizeof(*bytes));
	int fd = -ENOMEM;

	if (w.at && bytes) {
		put_all(&w, packet, bytes, !prog);
		fd = load_written(&w, prog);
	} else {
		free(w.at);
	}
	free(bytes);
	return fd;
}

#define SEEN(member) ((int)offsetof(struct program_seen, member))
#define PROBE_INSNS 20

/* R2, R3 and R4 into element @i of what R5 points to. */
static void put_run(struct writer *w, int i)
{
	put(w, STORE, BPF_REG_5, BPF_REG_2, SEEN(run[i].data), 0);
	put(w, STORE, BPF_REG_5, BPF_REG_3, SEEN(run[i].end), 0);
	put(w, STORE, BPF_REG_5, BPF_REG_4, SEEN(run[i].meta), 0);
}

int program_probe(const struct bpf_program *prog, int map_fd)
{
	size_t count = bpf_program__insn_cnt(prog);
	struct writer w = { .at = calloc(PROBE_INSNS + count, sizeof(*w.at)) };

	if (!w.at)
		return -ENOMEM;
	put_load_packet(&w);
	put(&w, LOAD, BPF_REG_4, BPF_REG_1, CTX(data_meta), 0);
	put(&w, WIDE, BPF_REG_5, BPF_PSEUDO_MAP_VALUE, 0, map_fd);
	put(&w, 0, 0, 0, 0, 0);
	put(&w, LOAD_WIDE, BPF_REG_0, BPF_REG_5, SEEN(runs), 0);
	/* Over these five, to the second run's. */
	put(&w, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_0, 0, 5, 0);
	put_run(&w, 0);
	put(&w, STORE_NUMBER | BPF_DW, BPF_REG_5, 0, SEEN(runs), 1);
	put(&w, BPF_JMP | BPF_JA, 0, 0, 5, 0);
	put_run(&w, 1);
	put_exit(&w, XDP_PASS);
	return load_written(&w, prog);
}
