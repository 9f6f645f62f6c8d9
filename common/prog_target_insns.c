// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Instructions put into a program. Where everything moves, distances change:
 * those of jumps, of calls of the program's own functions, and of pointers
 * to these. They count instructions from the one that follows.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "prog_run.h"
#include "prog_target_insns.h"

/* What is inserted: an address (two instructions) and four stores. */
#define INSERTED 6

/* The address of a map's value is loaded by two instructions. */
static bool is_wide(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_DW | BPF_IMM);
}

bool prog_target_is_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg &&
	       (insn->imm == BPF_FUNC_redirect || insn->imm == BPF_FUNC_redirect_map);
}

/* In which member an instruction has a distance. */
enum distance { DISTANCE_NONE, DISTANCE_OFF, DISTANCE_IMM };

static enum distance distance_of(const struct bpf_insn *insn)
{
	__u8 class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);

	if (is_wide(insn))
		return insn->src_reg == BPF_PSEUDO_FUNC ? DISTANCE_IMM : DISTANCE_NONE;
	if (class != BPF_JMP && class != BPF_JMP32)
		return DISTANCE_NONE;
	if (op == BPF_CALL)
		return insn->src_reg == BPF_PSEUDO_CALL ? DISTANCE_IMM : DISTANCE_NONE;
	if (op == BPF_EXIT)
		return DISTANCE_NONE;
	/* The long jump of instruction set 4. */
	if (class == BPF_JMP32 && op == BPF_JA)
		return DISTANCE_IMM;
	return DISTANCE_OFF;
}

/*
 * Where each instruction begins, with what is put in front of it, when all is
 * inserted; one more for the end. Returns that, or 0 without memory.
 */
static size_t *new_places(const struct bpf_insn *insns, size_t count)
{
	size_t *place = calloc(count + 1, sizeof(*place));
	size_t i, at = 0;

	for (i = 0; place && i < count; i++) {
		place[i] = at;
		at += prog_target_is_call(&insns[i]) ? INSERTED + 1 : 1;
	}
	if (place)
		place[count] = at;
	return place;
}

/*
 * The call itself stands @shift behind its place. Returns false when the
 * distance cannot be.
 */
static bool correct(struct bpf_insn *insn, size_t i, size_t count, const size_t *place,
		    size_t shift)
{
	enum distance kind = distance_of(insn);
	long distance, target;

	if (kind == DISTANCE_NONE)
		return true;
	distance = kind == DISTANCE_OFF ? insn->off : insn->imm;
	target = (long)i + 1 + distance;
	if (target < 0 || target > (long)count)
		return false;
	distance = (long)place[target] - (long)(place[i] + shift) - 1;
	if (kind == DISTANCE_IMM)
		insn->imm = (__s32)distance;
	else
		insn->off = (__s16)distance;
	return kind == DISTANCE_IMM || insn->off == distance;
}

/* The first of two instructions; the second one is all zeros. */
static struct bpf_insn load_map(__u8 reg, __u8 what, int fd)
{
	return (struct bpf_insn){ .code = BPF_LD | BPF_DW | BPF_IMM,
				  .dst_reg = reg & 0xf,
				  .src_reg = what & 0xf,
				  .imm = fd };
}

/* Store a register in the record that R0 points to, @member bytes into it. */
static struct bpf_insn store(__u8 reg, size_t member)
{
	return (struct bpf_insn){ .code = BPF_STX | BPF_MEM | BPF_DW,
				  .src_reg = reg & 0xf,
				  .off = (__s16)member };
}

static struct bpf_insn store_number(int number, size_t member)
{
	return (struct bpf_insn){ .code = BPF_ST | BPF_MEM | BPF_DW,
				  .off = (__s16)member,
				  .imm = number };
}

#define MEMBER(name) offsetof(struct prog_target_record, name)

/*
 * R0 is free in front of a call, which is to overwrite it. R1 to R3 are the
 * arguments: redirect(where, flags), redirect_map(map, where, flags).
 */
static void record_arguments(struct bpf_insn *to, int helper, int map_fd)
{
	__u8 where = helper == BPF_FUNC_redirect ? BPF_REG_1 : BPF_REG_2;
	const struct bpf_insn insns[INSERTED] = {
		load_map(BPF_REG_0, BPF_PSEUDO_MAP_VALUE, map_fd),
		{ 0 },
		store_number(helper, MEMBER(helper)),
		store(BPF_REG_1, MEMBER(map)),
		store(where, MEMBER(where)),
		store(where + 1, MEMBER(flags)),
	};

	memcpy(to, insns, sizeof(insns));
}

struct bpf_insn *prog_target_insert(const struct bpf_insn *insns, size_t count, int map_fd,
				    size_t *new_count)
{
	size_t *place = new_places(insns, count);
	struct bpf_insn *made = NULL;
	size_t i, shift;

	if (!place)
		return NULL;
	*new_count = place[count];
	made = calloc(*new_count, sizeof(*made));
	for (i = 0; made && i < count; i++) {
		shift = 0;
		if (prog_target_is_call(&insns[i])) {
			record_arguments(made + place[i], insns[i].imm, map_fd);
			shift = INSERTED;
		}
		made[place[i] + shift] = insns[i];
		if (!correct(&made[place[i] + shift], i, count, place, shift)) {
			free(made);
			made = NULL;
		}
		/* The second half of an address is no instruction. */
		if (is_wide(&insns[i]) && i + 1 < count && made) {
			i++;
			made[place[i]] = insns[i];
		}
	}
	free(place);
	return made;
}

__u64 prog_target_address(int fd, int record_fd)
{
	struct bpf_insn insns[] = {
		load_map(BPF_REG_1, BPF_PSEUDO_MAP_FD, fd),
		{ 0 },
		load_map(BPF_REG_0, BPF_PSEUDO_MAP_VALUE, record_fd),
		{ 0 },
		store(BPF_REG_1, MEMBER(map)),
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static const unsigned char frame[PROG_RUN_MIN];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame),
		    .repeat = 1);
	struct prog_target_record record = { 0 };
	const __u32 key = 0;
	int prog = bpf_prog_load(BPF_PROG_TYPE_XDP, "prog_target", "GPL", insns,
				 sizeof(insns) / sizeof(insns[0]), NULL);

	if (prog < 0)
		return 0;
	if (bpf_prog_test_run_opts(prog, &opts) || bpf_map_lookup_elem(record_fd, &key, &record))
		record.map = 0;
	close(prog);
	return record.map;
}
