// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs that are measured: those of objects, and empty ones. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "bench.h"
#include "log.h"

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

#define SET (BPF_ALU64 | BPF_MOV | BPF_K)

int program_returns(enum xdp_action verdict, int ifindex)
{
	const struct bpf_insn returns[] = {
		{ .code = SET, .dst_reg = BPF_REG_0, .imm = (int)verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	const struct bpf_insn redirects[] = {
		{ .code = SET, .dst_reg = BPF_REG_1, .imm = ifindex },
		{ .code = SET, .dst_reg = BPF_REG_2, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	bool redirect = verdict == XDP_REDIRECT;
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "bench_empty", "GPL",
			       redirect ? redirects : returns,
			       redirect ? sizeof(redirects) / sizeof(redirects[0]) :
					  sizeof(returns) / sizeof(returns[0]),
			       NULL);

	if (fd >= 0)
		return fd;
	pr_err("cannot load the empty program: %s%s", strerror(errno),
	       errno == EPERM ? " (run it as root)" : "");
	return -EIO;
}

const char *verdict_name(unsigned int verdict)
{
	static const char *const names[] = {
		"XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT",
	};

	return verdict <= XDP_REDIRECT ? names[verdict] : "XDP_?";
}
