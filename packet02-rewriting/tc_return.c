// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A tc program on the egress side of an interface, through its clsact qdisc. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "log.h"
#include "tc_return.h"

#define PROG_NAME "tc_return_ports_func"
/* Our place: a filter of the first priority, with a number of its own. */
#define TC_HANDLE 0x2002
#define TC_PRIORITY 1

/* Does our own program, of an earlier run, have the place? */
static bool is_ours(const struct bpf_tc_hook *hook)
{
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = TC_HANDLE, .priority = TC_PRIORITY);
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int fd;

	if (bpf_tc_query(hook, &opts))
		return false;
	fd = bpf_prog_get_fd_by_id(opts.prog_id);
	if (fd < 0)
		return false;
	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		info.name[0] = '\0';
	close(fd);
	/* The kernel keeps the first 15 letters. */
	return !strncmp(info.name, PROG_NAME, sizeof(info.name) - 1);
}

static int load(struct tc_return *tc)
{
	char path[PATH_MAX];

	if (attach_find_file("tc_return_kern.o", path, sizeof(path)))
		return -ENOEXEC;
	tc->obj = bpf_object__open_file(path, NULL);
	if (tc->obj && !bpf_object__load(tc->obj))
		return 0;
	pr_err("cannot load '%s': %s", path, strerror(errno));
	log_rejection(PROG_NAME);
	return -ENOEXEC;
}

static int attach(struct tc_return *tc, const struct netif *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = dev->index, .attach_point = BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = TC_HANDLE, .priority = TC_PRIORITY);
	int err = bpf_tc_hook_create(&hook);

	if (err && err != -EEXIST)
		return err;
	tc->made_hook = !err;
	tc->ifindex = dev->index;
	if (is_ours(&hook))
		opts.flags = BPF_TC_F_REPLACE;
	opts.prog_fd = bpf_program__fd(bpf_object__find_program_by_name(tc->obj, PROG_NAME));
	return bpf_tc_attach(&hook, &opts);
}

int tc_return_attach(struct tc_return *tc, const struct netif *dev)
{
	int err = load(tc);

	if (err)
		goto close;
	err = attach(tc, dev);
	if (!err)
		return 0;
	pr_err("cannot attach '" PROG_NAME "' to '%s': %s", dev->name,
	       log_reason(LOG_KERNEL, strerror(-err)));
	err = -EEXIST;
close:
	tc_return_detach(tc);
	return err;
}

static void detach(int ifindex, bool with_hook)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = TC_HANDLE, .priority = TC_PRIORITY);

	if (is_ours(&hook))
		bpf_tc_detach(&hook, &opts);
	/* Both sides: this is what takes the qdisc itself away. */
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	if (with_hook)
		bpf_tc_hook_destroy(&hook);
}

void tc_return_detach(struct tc_return *tc)
{
	if (tc->ifindex)
		detach(tc->ifindex, tc->made_hook);
	tc->ifindex = 0;
	bpf_object__close(tc->obj);
	tc->obj = NULL;
}

void tc_return_unload(const struct netif *dev)
{
	detach(dev->index, false);
}
