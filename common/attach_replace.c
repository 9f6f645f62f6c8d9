// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Our program where others are: which can share libxdp's dispatcher, in their
 * place with --force, and beside one that came a moment before us.
 */
#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>

#include "attach_query.h"
#include "attach_replace.h"
#include "log.h"
#include "probe/probe.h"

#define JOIN_TRIES 3
#define SKIP "LIBXDP_SKIP_DISPATCHER"

/* Whether the kernel refuses freplace, and with it the dispatcher, by policy. */
static bool refuses_freplace(void)
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

void attach_skip_dispatcher_begin(struct attach *at)
{
	char reason[PROBE_REASON_MAX];

	at->without_dispatcher = !getenv(SKIP) && moves_packets(at) && !refuses_freplace() &&
				 !probe_feature("dispatcher_resize", reason, sizeof(reason));
	if (at->without_dispatcher)
		setenv(SKIP, "1", 0);
}

void attach_skip_dispatcher_end(const struct attach *at)
{
	if (at->without_dispatcher)
		unsetenv(SKIP);
}

/* Ours is behind the dispatcher by now: take the others out of it. */
static int remove_others(struct attach *at)
{
	struct attach_entry ours = { .id = xdp_program__id(at->prog),
				     .mode = at->before.entry[0].mode,
				     .dispatched = true };
	int err = 0, i;

	for (i = 0; !err && i < at->before.count; i++)
		err = attach_remove(&at->dev, &at->before.entry[i]);
	if (!err)
		return 0;
	attach_remove(&at->dev, &ours);
	return -ECANCELED;
}

/* Whether our program would go where the only one that is there is. */
static bool same_slot(const struct attach *at)
{
	const struct attach_entry *old = &at->before.entry[0];

	if (at->before.count != 1 || old->dispatched)
		return false;
	if (old->mode == XDP_MODE_SKB)
		return at->mode == XDP_MODE_SKB;
	return old->mode == XDP_MODE_NATIVE &&
	       (at->mode == XDP_MODE_NATIVE || at->mode == XDP_MODE_UNSPEC);
}

int attach_load_plain(struct attach *at)
{
	struct xdp_program *loaded;
	struct bpf_program *prog;
	int err;

	if (xdp_program__fd(at->prog) >= 0)
		return 0; /* libxdp has loaded it, without a dispatcher */
	prog = bpf_object__find_program_by_name(at->obj, xdp_program__name(at->prog));
	err = bpf_object__load(at->obj);
	if (err)
		return err;
	loaded = xdp_program__from_fd(bpf_program__fd(prog));
	err = (int)libxdp_get_error(loaded);
	if (err)
		return err;
	xdp_program__close(at->prog);
	at->prog = loaded;
	return 0;
}

/* Have the kernel swap the program that is there for ours. */
static int swap(struct attach *at)
{
	const struct attach_entry *old = &at->before.entry[0];
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts);
	__u32 flags = XDP_FLAGS_DRV_MODE;
	int err;

	if (old->mode == XDP_MODE_SKB)
		flags = XDP_FLAGS_SKB_MODE;
	err = attach_load_plain(at);
	if (err)
		return err;
	opts.old_prog_fd = bpf_prog_get_fd_by_id(old->id);
	if (opts.old_prog_fd < 0)
		return opts.old_prog_fd;
	err = bpf_xdp_attach(at->dev.index, xdp_program__fd(at->prog), flags, &opts);
	if (err) {
		close(opts.old_prog_fd);
		return err;
	}
	at->saved[at->n_saved++] = (struct attach_saved){ .fd = opts.old_prog_fd,
							  .mode = old->mode,
							  .id = old->id };
	return 0;
}

/* Empty the interface, then attach; put back what was there if that fails. */
static int empty_first(struct attach *at)
{
	if (attach_detach_all(&at->dev, at->saved, &at->n_saved) < 0)
		return -ECANCELED;
	return xdp_program__attach(at->prog, at->dev.index, (enum xdp_attach_mode)at->mode, 0);
}

int attach_replace(struct attach *at, int err)
{
	if (!err)
		return remove_others(at);
	/* E2BIG: no room in the dispatcher, or a program that is too long. */
	if (err == -E2BIG && !log_rejected(xdp_program__name(at->prog)))
		return empty_first(at);
	if (err != -EBUSY && err != -EEXIST)
		return err;
	if (same_slot(at) && (at->without_dispatcher || refuses_freplace())) {
		err = swap(at);
		if (err != -EBUSY)
			return err;
	}
	return empty_first(at);
}

int attach_join(struct attach *at, int err)
{
	int tries;

	for (tries = 0; tries < JOIN_TRIES; tries++) {
		if (err != -EBUSY && err != -EEXIST)
			return err;
		if (attach_query(&at->dev, &at->before) || !at->before.count ||
		    !at->before.entry[0].dispatched)
			return err;
		if (at->mode == XDP_MODE_UNSPEC)
			at->mode = at->before.entry[0].mode;
		err = xdp_program__attach(at->prog, at->dev.index, (enum xdp_attach_mode)at->mode,
					  0);
	}
	return err;
}
