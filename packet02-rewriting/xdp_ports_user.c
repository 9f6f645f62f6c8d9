// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Both directions: XDP lowers the destination port of what comes in, tc raises
 * the source port of what goes out, and connections work. XDP is attached as
 * ever; the tc program goes into the clsact qdisc, at the interface's egress.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"
#include "log.h"
#include "options.h"
#include "stats.h"

#define TC_PROG "tc_return_ports_func"
/* Our place: a filter of the first priority, with a number of its own. */
#define TC_HANDLE 0x2002
#define TC_PRIORITY 1

struct ports_opts {
	struct netif dev;
	struct attach_opts attach;
	struct stats_opts stats;
};

/* clang-format off */
static const struct option_line options[] = {
	OPTIONS_DEVICE(struct ports_opts, dev),
	OPTIONS_MODE(struct ports_opts, attach),
	OPTIONS_UNLOAD(struct ports_opts, attach),
	OPTIONS_OBJECT(struct ports_opts, attach),
	OPTIONS_STATS(struct ports_opts, stats),
	OPTIONS_END
};
/* clang-format on */

static const struct option_spec spec = {
	.purpose = "Let port N-1 of this machine be reached as port N, by UDP and TCP, until\n"
		   "--count, --duration or a signal ends it. What comes in is counted.",
	.options = options,
};

/* The tc program, loaded and attached. */
struct tc_return {
	struct bpf_object *obj;
	int ifindex; /* 0: not attached */
	bool made_hook; /* there was no clsact qdisc before */
};

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
	return !strncmp(info.name, TC_PROG, sizeof(info.name) - 1);
}

/* Take it off, if it is there; with the qdisc, if that is ours. */
static void tc_detach_from(int ifindex, bool with_hook)
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

static void tc_return_detach(struct tc_return *tc)
{
	if (tc->ifindex)
		tc_detach_from(tc->ifindex, tc->made_hook);
	tc->ifindex = 0;
	bpf_object__close(tc->obj);
	tc->obj = NULL;
}

static int tc_load(struct tc_return *tc)
{
	char path[PATH_MAX];
	int err;

	tc->obj = attach_open_object("tc_return_kern.o", path);
	if (!tc->obj)
		return -ENOEXEC;
	err = bpf_object__load(tc->obj);
	if (!err)
		return 0;
	pr_err("cannot load '%s': %s", path, strerror(-err));
	log_rejection(TC_PROG);
	return -ENOEXEC;
}

static int tc_attach(struct tc_return *tc, const struct netif *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = dev->index, .attach_point = BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = TC_HANDLE, .priority = TC_PRIORITY);
	int err = bpf_tc_hook_create(&hook);

	if (err && err != -EEXIST)
		return err;
	tc->made_hook = !err;
	tc->ifindex = dev->index;
	/* One that an earlier run has left there is replaced. */
	if (is_ours(&hook))
		opts.flags = BPF_TC_F_REPLACE;
	opts.prog_fd = bpf_program__fd(bpf_object__find_program_by_name(tc->obj, TC_PROG));
	return bpf_tc_attach(&hook, &opts);
}

/* -EEXIST: the filter of somebody else has the place. */
static int tc_return_attach(struct tc_return *tc, const struct netif *dev)
{
	int err = tc_load(tc);

	if (err)
		goto close;
	err = tc_attach(tc, dev);
	if (!err)
		return 0;
	pr_err("cannot attach '" TC_PROG "' to '%s': %s", dev->name,
	       log_reason(LOG_KERNEL, strerror(-err)));
	err = -EEXIST;
close:
	tc_return_detach(tc);
	return err;
}

int main(int argc, char **argv)
{
	struct ports_opts opts = { 0 };
	struct tc_return tc = { 0 };
	struct attach at = { 0 };
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all) {
		/* What a run that was killed has left; its qdisc stays, others may use it. */
		tc_detach_from(opts.dev.index, false);
		return attach_status(attach_unload(&opts.dev, &opts.attach));
	}

	err = attach_open(&at, &opts.attach, "xdp_rewrite_kern.o", "xdp_patch_ports_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}
	err = attach_load(&at, &opts.dev, &opts.attach);
	if (err)
		goto close;

	/* The way back. Until it is there answers have the wrong port. */
	err = tc_return_attach(&tc, &opts.dev);
	if (err)
		goto detach;

	err = stats_poll(&at, &opts.stats);

	/* Undone in reverse order: the interface is as it was found. */
	tc_return_detach(&tc);
detach:
	if (attach_detach(&at) && !err)
		err = -EIO;
close:
	attach_close(&at);
	return attach_status(err);
}
