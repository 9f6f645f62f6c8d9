// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Where a program redirects a packet to: a copy of it stores what it says. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_ether.h>

#include "maps.h"
#include "packets/prog_target.h"

#define TWIN_NAME "prog_target"

/*
 * Copies. The kernel has a list of the types of a program's functions, ordered
 * by where each function begins. That has moved in the copy; the order has not.
 */
struct types {
	int btf_fd; /* 0: there are none */
	void *info; /* a struct bpf_func_info for each function */
	__u32 count, size; /* how many, of how many bytes each */
};

static int fetch_types(struct types *types, int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info), count, size;

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	count = info.nr_func_info;
	size = info.func_info_rec_size;
	if (!info.btf_id || !count || size < sizeof(struct bpf_func_info))
		return -ENOENT;
	types->info = calloc(count, size);
	if (!types->info)
		return -ENOMEM;
	memset(&info, 0, sizeof(info));
	len = sizeof(info);
	info.nr_func_info = count;
	info.func_info_rec_size = size;
	info.func_info = (__u64)(unsigned long)types->info;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	types->count = count;
	types->size = size;
	types->btf_fd = bpf_btf_get_fd_by_id(info.btf_id);
	return types->btf_fd < 0 ? -errno : 0;
}

/* The address of a map's value is loaded by two instructions. */
static bool is_wide(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_DW | BPF_IMM);
}

/* The function that an instruction calls or points to; 0: none. */
static size_t function_of(const struct bpf_insn *insn, size_t i)
{
	bool calls = insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL;
	bool points = is_wide(insn) && insn->src_reg == BPF_PSEUDO_FUNC;

	return calls || points ? (size_t)((long)i + 1 + insn->imm) : 0;
}

/* Marks the first instruction of each function; returns how many there are. */
static size_t mark_functions(const struct bpf_insn *insns, size_t count, bool *begins)
{
	size_t i, at, found = 1;

	begins[0] = true;
	for (i = 0; i < count; i++) {
		at = function_of(&insns[i], i);
		if (at < count && !begins[at]) {
			begins[at] = true;
			found++;
		}
	}
	return found;
}

/* Enter where each function begins in the copy. */
static int move_types(struct types *types, const struct bpf_insn *insns, size_t count)
{
	bool *begins = calloc(count, sizeof(*begins));
	char *next = types->info;
	int err = 0;
	size_t i;

	if (!begins)
		return -ENOMEM;
	/* A function that nothing leads to was removed by the kernel. */
	if (mark_functions(insns, count, begins) != types->count)
		err = -ENOENT;
	for (i = 0; !err && i < count; i++) {
		if (!begins[i])
			continue;
		((struct bpf_func_info *)next)->insn_off = (__u32)i;
		next += types->size;
	}
	free(begins);
	return err;
}

__u32 prog_target_flags(const struct bpf_program *prog)
{
	static const char frags[] = "xdp.frags";
	const char *section = bpf_program__section_name(prog);
	__u32 flags = bpf_program__flags(prog);

	/* "?": not loaded unless asked for. */
	if (*section == '?')
		section++;
	if (!strncmp(section, frags, strlen(frags)))
		flags |= BPF_F_XDP_HAS_FRAGS;
	return flags;
}

int prog_target_load_copy(const char *name, const struct bpf_program *prog,
			  const struct bpf_insn *insns, size_t count)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = prog_target_flags(prog),
		    .expected_attach_type = bpf_program__expected_attach_type(prog));
	struct types types = { 0 };
	int fd = fetch_types(&types, bpf_program__fd(prog));

	/* Nearly all programs do without. */
	if (!fd && !move_types(&types, insns, count)) {
		opts.prog_btf_fd = (__u32)types.btf_fd;
		opts.func_info = types.info;
		opts.func_info_cnt = types.count;
		opts.func_info_rec_size = types.size;
	}
	fd = bpf_prog_load(BPF_PROG_TYPE_XDP, name, "GPL", insns, count, &opts);
	if (fd < 0)
		fd = -errno;
	if (types.btf_fd > 0)
		close(types.btf_fd);
	free(types.info);
	return fd;
}

/*
 * Instructions put into a program. Where everything moves, distances change:
 * those of jumps, of calls of the program's own functions, and of pointers
 * to these. They count instructions from the one that follows.
 */

/* What is inserted: an address (two instructions) and four stores. */
#define INSERTED 6

/* What is stored at a call that redirects. */
struct record {
	__u64 helper; /* number of the helper; 0: there was no call */
	__u64 map; /* the map's address in the kernel */
	__u64 where; /* the interface, or the key in the map */
	__u64 flags;
};

#define MEMBER(name) offsetof(struct record, name)

/* Whether @insn calls one of the two helpers that redirect. */
static bool is_call(const struct bpf_insn *insn)
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
 * inserted; one more for the end. Returns that, or NULL without memory.
 */
static size_t *find_new_places(const struct bpf_insn *insns, size_t count)
{
	size_t *place = calloc(count + 1, sizeof(*place));
	size_t i, at = 0;

	for (i = 0; place && i < count; i++) {
		place[i] = at;
		at += is_call(&insns[i]) ? INSERTED + 1 : 1;
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

/*
 * Copy @count instructions, and put in front of each call that redirects what
 * stores its record in the one element of map @map_fd. Returns what the caller
 * frees, *@new_count instructions; or NULL (no memory, a jump too far).
 */
static struct bpf_insn *insert(const struct bpf_insn *insns, size_t count, int map_fd,
			       size_t *new_count)
{
	size_t *place = find_new_places(insns, count);
	struct bpf_insn *made = NULL;
	size_t i, shift;

	if (!place)
		return NULL;
	*new_count = place[count];
	made = calloc(*new_count, sizeof(*made));
	for (i = 0; made && i < count; i++) {
		shift = 0;
		if (is_call(&insns[i])) {
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

/*
 * The address of map @fd in the kernel, as a program sees it that stores it in
 * map @record_fd; 0 when that cannot be run.
 */
static __u64 find_address(int fd, int record_fd)
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
	static const unsigned char frame[ETH_HLEN];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame),
		    .repeat = 1);
	struct record record = { 0 };
	const __u32 key = 0;
	int prog = bpf_prog_load(BPF_PROG_TYPE_XDP, TWIN_NAME, "GPL", insns,
				 sizeof(insns) / sizeof(insns[0]), NULL);

	if (prog < 0)
		return 0;
	if (bpf_prog_test_run_opts(prog, &opts) || bpf_map_lookup_elem(record_fd, &key, &record))
		record.map = 0;
	close(prog);
	return record.map;
}

static bool redirects(int map_fd)
{
	struct maps_info info;

	if (maps_get_info(map_fd, &info))
		return false;
	switch (info.layout.type) {
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
	case BPF_MAP_TYPE_CPUMAP:
	case BPF_MAP_TYPE_XSKMAP:
		return true;
	default:
		return false;
	}
}

/* Remember map @fd, unless that was done. */
static void add_map(struct prog_target_twin *twin, int fd)
{
	int i;

	for (i = 0; i < twin->count; i++)
		if (twin->maps[i].fd == fd)
			return;
	if (i == PROG_TARGET_MAPS || !redirects(fd))
		return;
	twin->maps[i].fd = fd;
	twin->maps[i].address = find_address(fd, twin->map_fd);
	twin->count++;
}

/* The copy, and the maps whose addresses are loaded somewhere in it. */
static int make_twin(struct prog_target_twin *twin, const struct bpf_program *prog)
{
	const struct bpf_insn *insns = bpf_program__insns(prog);
	size_t count = bpf_program__insn_cnt(prog), new_count, i;
	struct bpf_insn *made;

	for (i = 0; i < count; i++)
		if (is_wide(&insns[i]) && insns[i].src_reg == BPF_PSEUDO_MAP_FD)
			add_map(twin, insns[i].imm);
	made = insert(insns, count, twin->map_fd, &new_count);
	if (!made)
		return -ENOMEM;
	twin->fd = prog_target_load_copy(TWIN_NAME, prog, made, new_count);
	free(made);
	return twin->fd < 0 ? twin->fd : 0;
}

int prog_target_open(struct prog_target_twin *twin, const struct bpf_program *prog)
{
	const struct bpf_insn *insns = bpf_program__insns(prog);
	size_t count = bpf_program__insn_cnt(prog), i = 0;
	int err;

	*twin = (struct prog_target_twin){ 0 };
	while (i < count && !is_call(&insns[i]))
		i++;
	if (i == count)
		return 0;
	twin->map_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, TWIN_NAME, sizeof(__u32),
				      sizeof(struct record), 1, NULL);
	if (twin->map_fd < 0) {
		twin->map_fd = 0;
		return -errno;
	}
	err = make_twin(twin, prog);
	if (!err)
		return 0;
	twin->fd = 0;
	prog_target_close(twin);
	return err;
}

void prog_target_reset(struct prog_target_twin *twin)
{
	const struct record none = { 0 };
	const __u32 key = 0;

	if (twin->fd)
		bpf_map_update_elem(twin->map_fd, &key, &none, BPF_ANY);
}

/* What the devmap has at this key: the index is the first member, or all. */
static void read_device(int map_fd, const struct maps_info *info, struct prog_target *target)
{
	struct bpf_devmap_val value = { 0 };

	target->kind = PROG_TARGET_DEV;
	if (info->layout.value_size <= sizeof(value) &&
	    !bpf_map_lookup_elem(map_fd, &target->key, &value))
		target->ifindex = value.ifindex;
}

static void read_map(int map_fd, const struct record *record, struct prog_target *target)
{
	struct maps_info info;

	if (maps_get_info(map_fd, &info))
		return;
	target->key = (unsigned int)record->where;
	memcpy(target->map, info.name, sizeof(target->map));
	switch (info.layout.type) {
	case BPF_MAP_TYPE_CPUMAP:
		target->kind = PROG_TARGET_CPU;
		break;
	case BPF_MAP_TYPE_XSKMAP:
		target->kind = PROG_TARGET_SOCKET;
		break;
	default:
		if (record->flags & BPF_F_BROADCAST)
			target->kind = PROG_TARGET_DEVS;
		else
			read_device(map_fd, &info, target);
	}
}

void prog_target_read(struct prog_target_twin *twin, unsigned int verdict,
		      struct prog_target *target)
{
	struct record record = { 0 };
	const __u32 key = 0;
	int i;

	*target = (struct prog_target){ .kind = PROG_TARGET_NONE };
	if (verdict != XDP_REDIRECT)
		return;
	target->kind = PROG_TARGET_UNKNOWN;
	if (!twin->fd || bpf_map_lookup_elem(twin->map_fd, &key, &record))
		return;
	if (record.helper == BPF_FUNC_redirect) {
		target->kind = PROG_TARGET_DEV;
		target->ifindex = (unsigned int)record.where;
	} else if (record.helper == BPF_FUNC_redirect_map) {
		for (i = 0; i < twin->count; i++)
			if (twin->maps[i].address == record.map)
				read_map(twin->maps[i].fd, &record, target);
	}
}

void prog_target_close(struct prog_target_twin *twin)
{
	if (twin->fd)
		close(twin->fd);
	if (twin->map_fd)
		close(twin->map_fd);
	*twin = (struct prog_target_twin){ 0 };
}
