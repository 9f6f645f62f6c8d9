// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Probes of types (BTF), and of programs that hook into the kernel or into
 * other programs: tracing, and the extensions that libxdp's dispatcher is made of.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "probe/probe_prog.h"

#define VMLINUX_BTF "/sys/kernel/btf/vmlinux"
#define TARGET_NAME "probe_target"

/* configure knows; see attach_replace.h. */
#ifndef LIBXDP_RESIZES
#define LIBXDP_RESIZES 0
#endif

/* A program with types, which other programs can replace or trace. */
struct target {
	struct bpf_func_info func;
	int btf_fd;
	int fd; /* an XDP program that returns XDP_PASS */
};

static int try_btf(struct probe_env *env)
{
	__u16 magic = 0;
	int fd, works = probe_sys(env);

	if (works <= 0)
		return works;
	fd = open(VMLINUX_BTF, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return probe_unsupported(env, "cannot open '%s': %s", VMLINUX_BTF,
					 probe_strerror(errno));
	if (read(fd, &magic, sizeof(magic)) != sizeof(magic))
		magic = 0;
	close(fd);
	if (magic != BTF_MAGIC)
		return probe_unsupported(env, "'%s' holds no types", VMLINUX_BTF);
	return 1;
}

/* Trace xdp:xdp_exception, and let a program on a veth abort. */
static int try_tp_btf(struct probe_env *env)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_RAW_TP);
	struct bpf_insn abort_it[] = { PROBE_SET(0, XDP_ABORTED), PROBE_EXIT() };
	int id, fd, link, works = probe_sys(env);

	if (works <= 0)
		return works;
	id = libbpf_find_vmlinux_btf_id("xdp_exception", BPF_TRACE_RAW_TP);
	if (id < 0)
		return probe_unsupported(env, "no type of tracepoint xdp_exception: %s",
					 probe_strerror(-id));
	opts.attach_btf_id = (__u32)id;
	fd = probe_prog_runs(env, BPF_PROG_TYPE_TRACING, &opts);
	if (fd < 0)
		return probe_unsupported(env, "cannot load a tp_btf program: %s",
					 probe_strerror(-fd));
	works = probe_veths(env, PROBE_MTU);
	if (works <= 0)
		return works;
	link = probe_prog_load(BPF_PROG_TYPE_XDP, abort_it, PROBE_N(abort_it), NULL);
	if (link < 0 || bpf_xdp_attach(env->dev, link, XDP_FLAGS_SKB_MODE, NULL))
		return probe_unsupported(env, "cannot attach an XDP program");
	link = bpf_raw_tracepoint_open(NULL, fd);
	if (link < 0)
		return probe_unsupported(env, "cannot attach a tp_btf program: %s",
					 probe_strerror(errno));
	works = probe_send(env, PROBE_FRAME_LEN);
	return works > 0 ? probe_counted(env, PROBE_FRAMES) : works;
}

/*
 * The types of int probe_target(struct xdp_md *ctx), as clang would write them.
 * Returns the id of the function, or a negative number.
 */
static int add_types(struct btf *btf)
{
	int number, md, ctx, proto;

	number = btf__add_int(btf, "int", sizeof(int), BTF_INT_SIGNED);
	md = btf__add_struct(btf, "xdp_md", sizeof(struct xdp_md));
	ctx = btf__add_ptr(btf, md);
	proto = btf__add_func_proto(btf, number);
	if (number < 0 || md < 0 || ctx < 0 || proto < 0)
		return -ENOMEM;
	if (btf__add_func_param(btf, "ctx", ctx))
		return -ENOMEM;
	return btf__add_func(btf, TARGET_NAME, BTF_FUNC_GLOBAL, proto);
}

static int load_types(struct target *target)
{
	struct btf *btf = btf__new_empty();
	const void *data;
	__u32 size;
	int id;

	if (!btf)
		return -errno;
	id = add_types(btf);
	data = btf__raw_data(btf, &size);
	target->func = (struct bpf_func_info){ .type_id = (__u32)id };
	target->btf_fd = -ENOMEM;
	if (id > 0 && data) {
		target->btf_fd = bpf_btf_load(data, size, NULL);
		if (target->btf_fd < 0)
			target->btf_fd = -errno;
	}
	btf__free(btf);
	return target->btf_fd;
}

/* Load the target; its descriptors stay open. Returns as an attempt does. */
static int load_target(struct probe_env *env, struct target *target)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts);
	struct bpf_insn pass[] = { PROBE_SET(0, XDP_PASS), PROBE_EXIT() };
	int fd = load_types(target);

	if (fd < 0)
		return probe_unsupported(env, "cannot load types (BTF): %s", probe_strerror(-fd));
	opts.prog_btf_fd = (__u32)fd;
	opts.func_info = &target->func;
	opts.func_info_cnt = 1;
	opts.func_info_rec_size = sizeof(target->func);
	target->fd = probe_prog_load(BPF_PROG_TYPE_XDP, pass, PROBE_N(pass), &opts);
	if (target->fd < 0)
		return probe_unsupported(env, "cannot load an XDP program: %s",
					 probe_strerror(-target->fd));
	return 1;
}

/*
 * An extension replaces the function of an XDP program: what libxdp's
 * dispatcher is made of. Its own types must be those of the function.
 */
static int load_extension(const struct target *target, const struct bpf_insn *insns, size_t n)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_btf_fd = (__u32)target->btf_fd,
		    .func_info = &target->func, .func_info_cnt = 1,
		    .func_info_rec_size = sizeof(target->func), .attach_prog_fd = (__u32)target->fd,
		    .attach_btf_id = target->func.type_id);

	return probe_prog_load(BPF_PROG_TYPE_EXT, insns, n, &opts);
}

static int replace_target(struct probe_env *env, const struct target *target)
{
	struct bpf_insn drop[] = { PROBE_SET(0, XDP_DROP), PROBE_EXIT() };
	int fd, link, verdict;

	fd = load_extension(target, drop, PROBE_N(drop));
	if (fd < 0)
		return probe_unsupported(env,
					 "the kernel refuses extension programs (freplace): %s",
					 probe_strerror(-fd));
	link = bpf_raw_tracepoint_open(NULL, fd);
	if (link < 0)
		return probe_unsupported(env, "cannot attach an extension program (freplace): %s",
					 probe_strerror(errno));
	verdict = probe_prog_run(target->fd);
	close(link);
	if (verdict != XDP_DROP)
		return probe_unsupported(env, "an extension program (freplace) has no effect");
	return 1;
}

static int try_freplace(struct probe_env *env)
{
	struct target target;
	int works = load_target(env, &target);

	return works > 0 ? replace_target(env, &target) : works;
}

/* libxdp also pins what it needs to find its programs again. */
static int try_dispatcher(struct probe_env *env)
{
	int works = probe_find("pinning")->attempt(env);

	return works > 0 ? try_freplace(env) : works;
}

/* A program there that changes where the packet starts needs more than that. */
static int try_resize(struct probe_env *env)
{
	struct bpf_insn grow[] = { PROBE_SET(2, 0), PROBE_CALL(BPF_FUNC_xdp_adjust_head),
				   PROBE_SET(0, XDP_DROP), PROBE_EXIT() };
	struct target target;
	int fd, works = try_dispatcher(env);

	if (works <= 0 || LIBXDP_RESIZES)
		return works;
	works = load_target(env, &target);
	if (works <= 0)
		return works;
	fd = load_extension(&target, grow, PROBE_N(grow));
	if (fd < 0)
		return probe_unsupported(
			env,
			"the dispatcher of libxdp before 1.5.5 cannot hold one on this kernel");
	close(fd);
	return 1;
}

static int try_fentry(struct probe_env *env)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY);
	struct target target;
	int works = load_target(env, &target);
	int fd, link;

	if (works <= 0)
		return works;
	opts.attach_prog_fd = (__u32)target.fd;
	opts.attach_btf_id = target.func.type_id;
	fd = probe_prog_runs(env, BPF_PROG_TYPE_TRACING, &opts);
	if (fd < 0)
		return probe_unsupported(env, "the kernel refuses fentry programs: %s",
					 probe_strerror(-fd));
	link = bpf_raw_tracepoint_open(NULL, fd);
	if (link < 0)
		return probe_unsupported(env, "cannot attach a fentry program: %s",
					 probe_strerror(errno));
	if (probe_prog_run(target.fd) < 0)
		return probe_unsupported(env, "cannot run the traced program");
	works = probe_counted(env, 1);
	close(link);
	return works;
}

const struct probe probe_table_trace[] = {
	PROBE("btf", "the kernel's own types, for CO-RE", try_btf,
	      "give xdp_monitor_user --plain; or boot a kernel with CONFIG_DEBUG_INFO_BTF=y",
	      .anyone = true),
	PROBE("tp_btf", "programs at tracepoints, with types", try_tp_btf,
	      "give xdp_monitor_user --plain; or " PROBE_STOCK_KERNEL),
	PROBE("freplace", "programs that replace a function of another one", try_freplace,
	      PROBE_STOCK_KERNEL),
	PROBE("dispatcher", "several XDP programs on one interface (libxdp)", try_dispatcher,
	      "attach one program to an interface (--force replaces it); or " PROBE_STOCK_KERNEL),
	PROBE("dispatcher_resize", "programs there that change a packet's length", try_resize,
	      "nothing: such a program is attached alone; libxdp 1.5.5 and newer can share"),
	PROBE("fentry", "programs at the entry of an XDP program", try_fentry,
	      "attach the lesson's own program instead; or " PROBE_STOCK_KERNEL),
	{ 0 },
};
