// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Where a program redirects a packet to. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "maps.h"
#include "prog_target.h"
#include "prog_target_insns.h"
#include "prog_target_types.h"

#define TWIN_NAME "prog_target"

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
	twin->maps[i].address = prog_target_address(fd, twin->map_fd);
	twin->count++;
}

/* Whether there is a call that redirects. */
static bool has_call(const struct bpf_insn *insns, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (prog_target_is_call(&insns[i]))
			return true;
	return false;
}

/* The maps whose addresses are loaded somewhere. */
static void find_maps(struct prog_target_twin *twin, const struct bpf_insn *insns, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (insns[i].code == (BPF_LD | BPF_DW | BPF_IMM) &&
		    insns[i].src_reg == BPF_PSEUDO_MAP_FD)
			add_map(twin, insns[i].imm);
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

/* With the same properties; of them the flags say if it takes fragments. */
static int load(struct prog_target_twin *twin, const struct bpf_program *prog)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = prog_target_flags(prog),
		    .expected_attach_type = bpf_program__expected_attach_type(prog));
	struct prog_target_types types;
	struct bpf_insn *insns;
	size_t count;
	int err;

	insns = prog_target_insert(bpf_program__insns(prog), bpf_program__insn_cnt(prog),
				   twin->map_fd, &count);
	if (!insns)
		return -ENOMEM;
	/* Nearly all programs do without. */
	prog_target_types_open(&types, bpf_program__fd(prog), insns, count);
	opts.prog_btf_fd = (__u32)types.btf_fd;
	opts.func_info = types.info;
	opts.func_info_cnt = types.count;
	opts.func_info_rec_size = types.size;
	twin->fd = bpf_prog_load(BPF_PROG_TYPE_XDP, TWIN_NAME, "GPL", insns, count, &opts);
	err = twin->fd < 0 ? -errno : 0;
	prog_target_types_close(&types);
	free(insns);
	return err;
}

int prog_target_open(struct prog_target_twin *twin, const struct bpf_program *prog)
{
	const struct bpf_insn *insns = bpf_program__insns(prog);
	size_t count = bpf_program__insn_cnt(prog);
	int err;

	*twin = (struct prog_target_twin){ 0 };
	if (!has_call(insns, count))
		return 0;
	twin->map_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, TWIN_NAME, sizeof(__u32),
				      sizeof(struct prog_target_record), 1, NULL);
	if (twin->map_fd < 0) {
		twin->map_fd = 0;
		return -errno;
	}
	find_maps(twin, insns, count);
	err = load(twin, prog);
	if (!err)
		return 0;
	twin->fd = 0;
	prog_target_close(twin);
	return err;
}

void prog_target_reset(struct prog_target_twin *twin)
{
	const struct prog_target_record none = { 0 };
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

static void read_map(int map_fd, const struct prog_target_record *record,
		     struct prog_target *target)
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
	struct prog_target_record record = { 0 };
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
