// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of programs that hook into the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <linux/perf_event.h>

#include "log.h"
#include "probe/probe.h"
#include "probe/probe_prog.h"

#define MTU 1500
#define VMLINUX_BTF "/sys/kernel/btf/vmlinux"
#define KPROBE_PMU "/sys/bus/event_source/devices/kprobe/type"
#define KPROBE_FUNCTION "vfs_read"

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
		return probe_unsupported(env,
					 "no type of tracepoint "
					 "xdp_exception: %s",
					 probe_strerror(-id));
	opts.attach_btf_id = (__u32)id;
	fd = probe_prog_runs(env, BPF_PROG_TYPE_TRACING, &opts);
	if (fd < 0)
		return probe_unsupported(env, "cannot load a tp_btf program: %s",
					 probe_strerror(-fd));
	works = probe_veths(env, MTU);
	if (works <= 0)
		return works;
	link = probe_prog_load(BPF_PROG_TYPE_XDP, abort_it, 2, NULL);
	if (link < 0 || bpf_xdp_attach(env->dev, link, XDP_FLAGS_SKB_MODE, NULL))
		return probe_unsupported(env, "cannot attach an XDP program");
	link = bpf_raw_tracepoint_open(NULL, fd);
	if (link < 0)
		return probe_unsupported(env, "cannot attach a tp_btf program: %s",
					 probe_strerror(errno));
	works = probe_send(env, PROBE_FRAME_LEN);
	return works > 0 ? probe_counted(env, PROBE_FRAMES) : works;
}

/* The number of the kernel's kprobe events, or -errno. */
static int kprobe_type(void)
{
	int type, found;
	FILE *file = fopen(KPROBE_PMU, "re");

	if (!file)
		return -errno;
	found = fscanf(file, "%d", &type);
	fclose(file);
	return found == 1 ? type : -EINVAL;
}

static int open_kprobe(int type)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = (__u32)type,
		.kprobe_func = (uintptr_t)KPROBE_FUNCTION,
	};

	return (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
}

/* Hook a function of the kernel, call it, and see the program run. */
static int try_kprobe(struct probe_env *env)
{
	int type = kprobe_type();
	int fd, event, works = probe_sys(env);

	if (works <= 0)
		return works;
	if (type < 0)
		return probe_unsupported(env,
					 "the kernel was built without them (no "
					 "'%s')",
					 KPROBE_PMU);
	fd = probe_prog_runs(env, BPF_PROG_TYPE_KPROBE, NULL);
	if (fd < 0)
		return probe_unsupported(env, "cannot load a kprobe program: %s",
					 probe_strerror(-fd));
	event = open_kprobe(type);
	if (event < 0)
		return probe_unsupported(env, "cannot hook '%s': %s", KPROBE_FUNCTION,
					 probe_strerror(errno));
	if (ioctl(event, PERF_EVENT_IOC_SET_BPF, fd) || ioctl(event, PERF_EVENT_IOC_ENABLE, 0))
		return probe_unsupported(env, "cannot attach a kprobe program: %s",
					 probe_strerror(errno));
	works = try_btf(env); /* reads a file */
	if (works > 0)
		works = probe_counted(env, 1);
	close(event);
	return works;
}

const struct probe probe_table_trace[] = {
	{
		.name = "btf",
		.help = "the kernel's own types, for CO-RE",
		.attempt = try_btf,
		.anyone = true,
	},
	PROBE("tp_btf", "programs at tracepoints, with types", try_tp_btf),
	PROBE("kprobe", "programs at any function of the kernel", try_kprobe),
	{ 0 },
};
