// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs that do nothing but say what becomes of the packet. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "bench.h"
#include "log.h"
#include "writer.h"

static int load_insns(const struct bpf_insn *insns, size_t count)
{
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "bench_empty", "GPL", insns, count, NULL);

	if (fd >= 0)
		return fd;
	pr_err("cannot load the empty program: %s%s", strerror(errno),
	       errno == EPERM ? " (run it as root)" : "");
	return -EIO;
}

int program_returns(enum xdp_action verdict)
{
	const struct bpf_insn insns[] = {
		{ .code = SET, .dst_reg = BPF_REG_0, .imm = verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return load_insns(insns, sizeof(insns) / sizeof(insns[0]));
}

int program_redirects(int ifindex)
{
	const struct bpf_insn insns[] = {
		{ .code = SET, .dst_reg = BPF_REG_1, .imm = ifindex },
		{ .code = SET, .dst_reg = BPF_REG_2, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return load_insns(insns, sizeof(insns) / sizeof(insns[0]));
}
