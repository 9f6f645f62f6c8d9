// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs that cannot go behind libxdp's dispatcher. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <libelf.h>
#include <linux/bpf.h>

#include "attach.h"
#include "attach_alone.h"
#include "probe.h"

#define SKIP "LIBXDP_SKIP_DISPATCHER"

bool attach_refuses_freplace(void)
{
	/* EPERM to any program of this type; others find this one invalid. */
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_EXT, "probe", "GPL", insns, 2, NULL);

	if (fd >= 0)
		close(fd);
	return fd == -EPERM;
}

/* The helpers that move a packet's ends; behind a tail call may be one. */
static bool moves(const struct bpf_insn *insn)
{
	switch (insn->imm) {
	case BPF_FUNC_xdp_adjust_head:
	case BPF_FUNC_xdp_adjust_meta:
	case BPF_FUNC_xdp_adjust_tail:
	case BPF_FUNC_tail_call:
		return true;
	default:
		return false;
	}
}

/*
 * Look for such calls in @n instructions. Returns 1 when there is one, 0 when
 * not; -EAGAIN when not, but functions are called that stand elsewhere.
 */
static int scan(const struct bpf_insn *insns, size_t n)
{
	int found = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (insns[i].code != (BPF_JMP | BPF_CALL))
			continue;
		if (insns[i].src_reg == BPF_PSEUDO_CALL)
			found = -EAGAIN;
		else if (!insns[i].src_reg && moves(&insns[i]))
			return 1;
	}
	return found;
}

/* The same for section .text, where functions stand that programs call. */
static int scan_functions(Elf *elf)
{
	Elf_Scn *section = NULL;
	Elf64_Shdr *header;
	Elf_Data *data;
	const char *name;
	size_t names;

	if (!elf || elf_getshdrstrndx(elf, &names))
		return 0;
	while ((section = elf_nextscn(elf, section)) != NULL) {
		header = elf64_getshdr(section);
		name = header ? elf_strptr(elf, names, header->sh_name) : NULL;
		if (!name || strcmp(name, ".text"))
			continue;
		data = elf_getdata(section, NULL);
		if (data && data->d_buf)
			return scan(data->d_buf, data->d_size / sizeof(struct bpf_insn));
	}
	return 0;
}

/* Whether the program may change where a packet starts or ends. */
static bool moves_packets(const struct attach *at)
{
	const struct bpf_program *prog = bpf_object__find_program_by_name(
		at->obj, xdp_program__name(at->prog));
	int found = 0, fd;
	Elf *elf;

	if (prog)
		found = scan(bpf_program__insns(prog), bpf_program__insn_cnt(prog));
	if (found != -EAGAIN)
		return found > 0;
	fd = open(at->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false; /* whoever loads it will see */
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	found = scan_functions(elf);
	elf_end(elf);
	close(fd);
	return found > 0;
}

void attach_alone_begin(struct attach *at)
{
	char reason[PROBE_REASON_MAX];

	at->alone = !getenv(SKIP) && moves_packets(at) && !attach_refuses_freplace() &&
		    !probe_feature("dispatcher_resize", reason, sizeof(reason));
	if (at->alone)
		setenv(SKIP, "1", 0);
}

void attach_alone_end(const struct attach *at)
{
	if (at->alone)
		unsetenv(SKIP);
}
