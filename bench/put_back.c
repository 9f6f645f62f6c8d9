// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What a program does to a packet, and a copy of it that undoes that first. */
#include <errno.h>
#include <linux/if_ether.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "clock.h"
#include "log.h"
#include "packets/prog_target.h"
#include "put_back.h"

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

/* R2 and R3: start and end of the packet; R1 is the context. */
static void put_load_packet(struct writer *w)
{
	put(w, LOAD, BPF_REG_2, BPF_REG_1, CTX(data), 0);
	put(w, LOAD, BPF_REG_3, BPF_REG_1, CTX(data_end), 0);
}

/*
 * In front of a program. All that it says of its own places counts from the
 * instruction at hand, so nothing in it is corrected.
 */

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
static void put_all(struct writer *w, const struct put_back *back,
		    const struct bench_packet *packet, bool *bytes, bool alone)
{
	unsigned int end = cover(back->changed, packet->len, bytes);
	unsigned int max = packet->len;
	size_t check;

	if (alone && max > (unsigned int)abs(back->move))
		max -= (unsigned int)abs(back->move);
	if (back->move)
		put_move(w, back->move, packet->len, alone);
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

/* Load what was written, and behind it the instructions of @prog, if there is one. */
static int load(struct writer *w, const struct bpf_program *prog)
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

/* A copy of @prog that puts the packet back first; with NULL, a program that only does that. */
static int load_copy(const struct put_back *back, const struct bench_packet *packet,
		     const struct bpf_program *prog)
{
	size_t count = prog ? bpf_program__insn_cnt(prog) : 0;
	/* A store may take three instructions. */
	struct writer w = { .at = calloc(OTHERS + 3 * packet->len + count, sizeof(*w.at)) };
	bool *bytes = calloc(packet->len, sizeof(*bytes));
	int fd = -ENOMEM;

	if (w.at && bytes) {
		put_all(&w, back, packet, bytes, !prog);
		fd = load(&w, prog);
	} else {
		free(w.at);
	}
	free(bytes);
	return fd;
}

/* What a first and a second run see of the packet. */
struct seen {
	__u64 runs;
	struct {
		__u64 data, end, meta;
	} run[2];
};

#define SEEN(member) ((int)offsetof(struct seen, member))
#define PROBE_INSNS 20

/* R2, R3 and R4 into element @i of what R5 points to. */
static void put_run(struct writer *w, int i)
{
	put(w, STORE, BPF_REG_5, BPF_REG_2, SEEN(run[i].data), 0);
	put(w, STORE, BPF_REG_5, BPF_REG_3, SEEN(run[i].end), 0);
	put(w, STORE, BPF_REG_5, BPF_REG_4, SEEN(run[i].meta), 0);
}

/*
 * A copy of @prog that stores in map @map_fd where the packet begins and ends. A
 * second run does only that: the program meets no other packet.
 */
static int load_probe(int map_fd, const struct bpf_program *prog)
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
	return load(&w, prog);
}

/* Calls. */

/* Room for a packet after a run: a program may add to it. */
#define OUT_SIZE 8192
/* Runs in which whatever a program changes should show. */
#define TRIAL 1000
#define TRIALS 8

int put_back_call(struct put_back *back, int fd, const struct bench_packet *packet,
		  unsigned int repeat, struct put_back_run *run)
{
	struct xdp_md ctx = { .data_end = packet->len, .ingress_ifindex = packet->ingress };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet->data, .data_size_in = packet->len,
		    .data_out = back->out, .data_size_out = OUT_SIZE, .ctx_in = &ctx,
		    .ctx_size_in = sizeof(ctx), .repeat = (int)repeat);
	uint64_t start = thread_cpu_ns();
	int err = bpf_prog_test_run_opts(fd, &opts) ? -errno : 0;

	run->ns = (double)(thread_cpu_ns() - start) / repeat;
	run->verdict = opts.retval;
	back->out_len = opts.data_size_out;
	return err;
}

bool put_back_missed(struct put_back *back, const struct bench_packet *packet)
{
	bool missed = (int)back->out_len != (int)packet->len - back->move;
	unsigned int i;
	int now;

	for (i = 0; i < packet->len; i++) {
		now = (int)i - back->move;
		if (back->changed[i] ||
		    (now >= 0 && now < OUT_SIZE && back->out[now] == packet->data[i]))
			continue;
		back->changed[i] = missed = true;
	}
	return missed;
}

/* Two runs, as @seen has them. */
static int run_probe(struct put_back *back, const struct bpf_program *prog,
		     const struct bench_packet *packet, int map_fd, struct seen *seen)
{
	struct put_back_run run;
	const __u32 key = 0;
	int fd = load_probe(map_fd, prog), err;

	if (fd < 0)
		return fd;
	err = put_back_call(back, fd, packet, 2, &run);
	close(fd);
	if (!err && bpf_map_lookup_elem(map_fd, &key, seen))
		err = -errno;
	return err;
}

/* How far the start of the packet is moved. */
static int find_move(struct put_back *back, const struct bpf_program *prog, const char *name,
		     const struct bench_packet *packet)
{
	struct seen seen = { 0 };
	int map_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "bench", sizeof(__u32), sizeof(seen), 1,
				    NULL);
	int err = map_fd < 0 ? -errno : run_probe(back, prog, packet, map_fd, &seen);
	bool tail = seen.run[1].end != seen.run[0].end;

	if (map_fd >= 0)
		close(map_fd);
	if (err)
		return err;
	back->move = (int)(seen.run[1].data - seen.run[0].data);
	if (!tail && seen.run[1].meta == seen.run[1].data)
		return 0;
	pr_err("cannot measure '%s' on '%s': it %s, which is not put back", name, packet->name,
	       tail ? "moves the end of the packet" : "leaves metadata in front of the packet");
	return -EOPNOTSUPP;
}

static void close_copy(struct put_back *back)
{
	if (!back->ref_fd)
		return;
	close(back->fd);
	close(back->ref_fd);
	back->ref_fd = 0;
}

/* The copy, and the program that only puts back. */
static int make_copy(struct put_back *back, const struct bpf_program *prog,
		     const struct bench_packet *packet)
{
	int fd, ref_fd;

	close_copy(back);
	fd = load_copy(back, packet, prog);
	if (fd < 0)
		return fd;
	ref_fd = load_copy(back, packet, NULL);
	if (ref_fd < 0) {
		close(fd);
		return ref_fd;
	}
	back->fd = fd;
	back->ref_fd = ref_fd;
	return 0;
}

/* Until no byte changes that is not put back. */
static int find_bytes(struct put_back *back, const struct bpf_program *prog,
		      const struct bench_packet *packet)
{
	struct put_back_run run;
	bool missed;
	int i, err;

	/* One run shows most: the copy is made before there are many. */
	err = put_back_call(back, back->fd, packet, 1, &run);
	for (i = 0; !err && i < TRIALS; i++) {
		missed = put_back_missed(back, packet);
		if (!missed && i)
			return 0;
		if (missed || back->move)
			err = make_copy(back, prog, packet);
		if (!err)
			err = put_back_call(back, back->fd, packet, TRIAL, &run);
	}
	return err ? err : -EAGAIN;
}

int put_back_none(struct put_back *back, int fd, const struct bench_packet *packet)
{
	*back = (struct put_back){
		.fd = fd,
		.changed = calloc(packet->len, sizeof(bool)),
		.out = calloc(1, OUT_SIZE),
	};
	return back->changed && back->out ? 0 : -ENOMEM;
}

int put_back_open(struct put_back *back, const struct bpf_program *prog, const char *name,
		  const struct bench_packet *packet)
{
	int err = put_back_none(back, bpf_program__fd(prog), packet);

	if (!err)
		err = find_move(back, prog, name, packet);
	if (!err)
		err = find_bytes(back, prog, packet);
	if (err && err != -EOPNOTSUPP)
		pr_err("cannot measure '%s' on '%s': %s", name, packet->name,
		       err == -EAGAIN ? "it changes the packet in another way each time" :
					strerror(-err));
	return err ? -EIO : 0;
}

void put_back_close(struct put_back *back)
{
	close_copy(back);
	free(back->changed);
	free(back->out);
	*back = (struct put_back){ 0 };
}
