// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The reference count of kernel objects, shown: what holds a map and a program at
 * each step of their lives, and which attachments outlive their loader.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "attach.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "pinning.h"
#include "signals.h"

/* The kernel frees objects a little later: how long to wait for that. */
#define WAIT_STEPS 200
#define WAIT_STEP_NS 10000000L

#define TC_HANDLE 77
#define TC_PRIORITY 77

struct lifetime_opts {
	struct netif dev;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct lifetime_opts, dev),
	OPTIONS_END,
};

static const struct option_spec spec = {
	.purpose = "Show what holds a map and a program, and what outlives its loader.\n"
		   "The interface must have no XDP program, and has none afterwards.",
	.options = options,
};

/* Whether an id still has its object; one that should be gone gets a moment. */
static bool exists(int (*get_fd)(__u32), unsigned int id, bool wanted)
{
	const struct timespec step = { .tv_nsec = WAIT_STEP_NS };
	int fd, i;

	for (i = 0; i < WAIT_STEPS; i++) {
		fd = get_fd(id);
		if (fd < 0)
			return false;
		close(fd);
		if (wanted)
			return true;
		nanosleep(&step, NULL);
	}
	return true;
}

static void show(const char *step, const char *holders, bool alive)
{
	printf("  %-32s %-24s %s\n", step, holders, alive ? "yes" : "no");
}

static int show_map(void)
{
	char path[64];
	struct maps_info info;
	int fd, err;

	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "lifetime", 4, 4, 1, NULL);
	err = fd < 0 ? fd : maps_get_info(fd, &info);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/xdp_lifetime_%d", PINNING_BPFFS, (int)getpid());
	printf("a map, when                        is held by               and exists\n");
	show("it was created", "descriptor", exists(bpf_map_get_fd_by_id, info.id, true));
	if (bpf_obj_pin(fd, path)) {
		err = -errno;
		close(fd);
		return err;
	}
	show("it was pinned", "descriptor, pin", exists(bpf_map_get_fd_by_id, info.id, true));
	close(fd);
	show("the descriptor was closed", "pin", exists(bpf_map_get_fd_by_id, info.id, true));
	unlink(path);
	show("the pin was unlinked", "nobody", exists(bpf_map_get_fd_by_id, info.id, false));
	return 0;
}

/* A program of this type that returns @verdict: its descriptor, or -errno. */
static int load_prog(enum bpf_prog_type type, int verdict)
{
	/* r0 = verdict; return r0: what clang makes of "return verdict;" */
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(type, "lifetime", "GPL", insns, sizeof(insns) / sizeof(insns[0]),
			     NULL);
}

/* 0 when it cannot be had. */
static unsigned int prog_id(int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.id;
}

static int show_prog(const struct netif *dev)
{
	unsigned int id;
	int fd, err;

	fd = load_prog(BPF_PROG_TYPE_XDP, XDP_PASS);
	if (fd < 0)
		return fd;
	id = prog_id(fd);
	printf("a program, when\n");
	show("it was loaded", "descriptor", exists(bpf_prog_get_fd_by_id, id, true));
	err = bpf_xdp_attach(dev->index, fd, 0, NULL);
	if (!err)
		show("it was attached", "descriptor, interface",
		     exists(bpf_prog_get_fd_by_id, id, true));
	close(fd);
	if (err)
		return err;
	show("the descriptor was closed", "interface", exists(bpf_prog_get_fd_by_id, id, true));
	bpf_xdp_detach(dev->index, 0, NULL);
	show("it was detached", "nobody", exists(bpf_prog_get_fd_by_id, id, false));
	return 0;
}

/* What there is to attach to, besides the interface itself. */
static bool made_clsact;
static char cgroup_folder[PATH_MAX]; /* "" where there is no cgroup */

/* A cgroup of our own in the unified hierarchy. */
static void make_cgroup(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *mount;

	while (mounts && !*cgroup_folder && (mount = getmntent(mounts))) {
		if (strcmp(mount->mnt_type, "cgroup2"))
			continue;
		/* Not by the process id, which is the same in another pid namespace. */
		snprintf(cgroup_folder, sizeof(cgroup_folder), "%s/xdp-lifetime-XXXXXX",
			 mount->mnt_dir);
		if (!mkdtemp(cgroup_folder))
			*cgroup_folder = '\0';
	}
	if (mounts)
		endmntent(mounts);
}

static void make_places(const struct netif *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = dev->index, .attach_point = BPF_TC_INGRESS);

	made_clsact = !bpf_tc_hook_create(&hook);
	make_cgroup();
}

static void remove_places(const struct netif *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = dev->index,
		    .attach_point = (enum bpf_tc_attach_point)(BPF_TC_INGRESS | BPF_TC_EGRESS));

	if (made_clsact)
		bpf_tc_hook_destroy(&hook);
	/* Its program goes with it. */
	if (*cgroup_folder)
		rmdir(cgroup_folder);
}

static int attach_netlink(const struct netif *dev)
{
	int fd = load_prog(BPF_PROG_TYPE_XDP, XDP_PASS);
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
	int fd = load_prog(BPF_PROG_TYPE_XDP, XDP_PASS);
	int link = fd < 0 ? fd : bpf_link_create(fd, dev->index, BPF_XDP, NULL);

	/* The link stays open until the process ends, as does the program. */
	return link < 0 ? link : fd;
}

static int attach_tc(const struct netif *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = dev->index, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = TC_HANDLE, .priority = TC_PRIORITY);
	int err;

	opts.prog_fd = load_prog(BPF_PROG_TYPE_SCHED_CLS, 0);
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
	if (!*cgroup_folder)
		return -EOPNOTSUPP;
	cgroup = open(cgroup_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup < 0)
		return -errno;
	fd = load_prog(BPF_PROG_TYPE_CGROUP_SKB, 1);
	err = fd;
	if (fd >= 0)
		err = bpf_prog_attach(fd, cgroup, BPF_CGROUP_INET_INGRESS, 0);
	close(cgroup);
	return err < 0 ? err : fd;
}

static int attach_tracepoint(const struct netif *dev)
{
	int fd = load_prog(BPF_PROG_TYPE_RAW_TRACEPOINT, 0);
	int link = fd < 0 ? fd : bpf_raw_tracepoint_open("xdp_exception", fd);

	(void)dev;
	return link < 0 ? link : fd;
}

/*
 * Attach a program, and undo that in another process; NULL: nothing is to be
 * undone. The program's descriptor, or -errno, is returned; it and all else
 * that attach() has opened is closed when its process ends.
 */
static const struct attach_method {
	const char *name;
	int (*attach)(const struct netif *dev);
	void (*undo)(const struct netif *dev);
} methods[] = {
	{ "XDP, by netlink", attach_netlink, undo_netlink },
	{ "XDP, by bpf_link", attach_link, NULL },
	{ "tc, in clsact", attach_tc, undo_tc },
	{ "cgroup", attach_cgroup, NULL },
	{ "tracepoint", attach_tracepoint, NULL },
};

/* A loader that ends at once: it attaches, and writes the id to a pipe. */
static void loader(const struct attach_method *method, const struct netif *dev, int pipe_end)
{
	int fd = method->attach(dev);
	unsigned int id = fd < 0 ? 0 : prog_id(fd);

	if (write(pipe_end, &id, sizeof(id)) != sizeof(id))
		_exit(1);
	_exit(0);
}

/* Have another process attach and end. Returns the id, 0 where it failed. */
static unsigned int run_loader(const struct attach_method *method, const struct netif *dev)
{
	unsigned int id = 0;
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		return 0;
	fflush(stdout);
	pid = fork();
	if (!pid)
		loader(method, dev, ends[1]);
	close(ends[1]);
	if (pid < 0 || read(ends[0], &id, sizeof(id)) != sizeof(id))
		id = 0;
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return id;
}

static void show_outliving(const struct netif *dev)
{
	const char *outlives;
	unsigned int id;
	size_t i;

	printf("a program whose loader has ended, attached by\n");
	make_places(dev);
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		id = run_loader(&methods[i], dev);
		outlives = "(not here)";
		if (id)
			outlives = exists(bpf_prog_get_fd_by_id, id, false) ? "yes" : "no";
		printf("  %-57s %s\n", methods[i].name, outlives);
		if (methods[i].undo)
			methods[i].undo(dev);
	}
	remove_places(dev);
}

int main(int argc, char **argv)
{
	struct lifetime_opts opts = { 0 };
	struct attach_list list;
	sigset_t signals;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	err = attach_check_privileges("attach to", &opts.dev);
	if (err)
		return attach_status(err);
	if (attach_query(&opts.dev, &list) || list.count) {
		pr_err("cannot use '%s': it has an XDP program (another lab?)", opts.dev.name);
		return EXIT_FAIL_XDP;
	}

	/* Held back: what is begun here is also undone. */
	signals_hold(&signals);
	pinning_mount_bpffs();
	err = show_map();
	if (!err)
		err = show_prog(&opts.dev);
	if (!err)
		show_outliving(&opts.dev);
	else
		pr_err("cannot show it on '%s': %s", opts.dev.name, strerror(-err));
	signals_restore(&signals);
	return err || output_flush() ? EXIT_FAIL : EXIT_OK;
}
