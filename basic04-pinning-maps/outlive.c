// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Five ways to attach a program; three of them outlive their process. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "outlive.h"

#define TC_HANDLE 77
#define TC_PRIORITY 77

int outlive_load(int type, int verdict)
{
	/* r0 = verdict; return r0: what clang makes of "return verdict;" */
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load((enum bpf_prog_type)type, "lifetime", "GPL", insns,
			     sizeof(insns) / sizeof(insns[0]), NULL);
}

static int attach_netlink(const struct netif *dev)
{
	int fd = outlive_load(BPF_PROG_TYPE_XDP, XDP_PASS);
	int err = fd;

	if (fd >= 0)
		err = bpf_xdp_attach(dev->index, fd, XDP_FLAGS_UPDATE_IF_NOEXIST, NULL);
	return err < 0 ? err : fd;
}

static void undo_netlink(const struct netif *dev)
{
	bpf_xdp_detach(dev->index, 0, NULL);
}

static int attach_link(const struct netif *dev)
{
	int fd = outlive_load(BPF_PROG_TYPE_XDP, XDP_PASS);
	int link = fd < 0 ? fd : bpf_link_create(fd, dev->index, BPF_XDP, NULL);

	/* The link stays open until the process ends, as does the program. */
	return link < 0 ? link : fd;
}

static void nothing(const struct netif *dev)
{
	(void)dev;
}

static int attach_tc(const struct netif *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = dev->index, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = TC_HANDLE, .priority = TC_PRIORITY);
	int err;

	opts.prog_fd = outlive_load(BPF_PROG_TYPE_SCHED_CLS, 0);
	if (opts.prog_fd < 0)
		return opts.prog_fd;
	err = bpf_tc_attach(&hook, &opts);
	return err ? err : opts.prog_fd;
}

static void undo_tc(const struct netif *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = dev->index, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = TC_HANDLE, .priority = TC_PRIORITY);

	bpf_tc_detach(&hook, &opts);
}

static int attach_cgroup(const struct netif *dev)
{
	int fd, cgroup, err;

	(void)dev;
	if (!*outlive_cgroup)
		return -EOPNOTSUPP;
	cgroup = open(outlive_cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup < 0)
		return -errno;
	fd = outlive_load(BPF_PROG_TYPE_CGROUP_SKB, 1);
	err = fd;
	if (fd >= 0)
		err = bpf_prog_attach(fd, cgroup, BPF_CGROUP_INET_INGRESS, 0);
	close(cgroup);
	return err < 0 ? err : fd;
}

static int attach_tracing(const struct netif *dev)
{
	int fd = outlive_load(BPF_PROG_TYPE_RAW_TRACEPOINT, 0);
	int link = fd < 0 ? fd : bpf_raw_tracepoint_open("xdp_exception", fd);

	(void)dev;
	return link < 0 ? link : fd;
}

const struct outlive_way outlive_ways[] = {
	{ "XDP, by netlink", attach_netlink, undo_netlink },
	{ "XDP, by bpf_link", attach_link, nothing },
	{ "tc, in clsact", attach_tc, undo_tc },
	{ "cgroup", attach_cgroup, nothing },
	{ "tracepoint", attach_tracing, nothing },
	{ NULL, NULL, NULL },
};
