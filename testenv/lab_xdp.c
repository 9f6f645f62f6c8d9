/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * lab_xdp: look at an interface's XDP hook, put xdp_lab_pass there, and clear
 * it. By plain netlink: no pin, no dispatcher, nothing that a lesson's loader
 * would have to know about.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_link.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "lab.h"

static int query(const char *ifname, int *ifindex, struct bpf_xdp_query_opts *opts)
{
	int err;

	*ifindex = lab_ifindex(ifname);
	if (*ifindex < 0)
		return *ifindex;
	memset(opts, 0, sizeof(*opts));
	opts->sz = sizeof(*opts);
	err = bpf_xdp_query(*ifindex, 0, opts);
	return err ? lab_error(err, "ask for the programs of", ifname) : 0;
}

int lab_xdp_show(const char *ifname)
{
	struct bpf_xdp_query_opts opts;
	int ifindex, err;

	err = query(ifname, &ifindex, &opts);
	if (!err && opts.drv_prog_id)
		err = lab_prog_print("native", ifindex, opts.drv_prog_id);
	if (!err && opts.skb_prog_id)
		err = lab_prog_print("generic", ifindex, opts.skb_prog_id);
	if (!err && opts.hw_prog_id)
		err = lab_prog_print("offload", ifindex, opts.hw_prog_id);
	return err;
}

int lab_xdp_attach(const char *ifname, const char *objfile)
{
	__u32 flags = XDP_FLAGS_DRV_MODE | XDP_FLAGS_UPDATE_IF_NOEXIST;
	struct bpf_program *prog;
	struct bpf_object *obj;
	int ifindex, err;

	ifindex = lab_ifindex(ifname);
	if (ifindex < 0)
		return ifindex;
	obj = bpf_object__open_file(objfile, NULL);
	if (!obj)
		return lab_error(-errno, "open", objfile);
	err = bpf_object__load(obj);
	if (err) {
		lab_error(err, "load", objfile);
		goto out;
	}
	prog = bpf_object__find_program_by_name(obj, LAB_PASS_PROG);
	err = prog ? bpf_xdp_attach(ifindex, bpf_program__fd(prog), flags, NULL) : -ENOENT;
	if (err)
		lab_error(err, "attach '" LAB_PASS_PROG "' to", ifname);
out:
	bpf_object__close(obj);
	return err;
}

/* Takes xdp_lab_pass off, and nothing else: not even one that just came. */
int lab_xdp_detach(const char *ifname)
{
	struct bpf_xdp_attach_opts old = { .sz = sizeof(old) };
	struct bpf_xdp_query_opts opts;
	int ifindex, fd, err;
	char name[256] = "";

	err = query(ifname, &ifindex, &opts);
	if (err || !opts.drv_prog_id)
		return err;
	fd = bpf_prog_get_fd_by_id(opts.drv_prog_id);
	if (fd < 0)
		return 0;
	err = lab_prog_name(fd, name, sizeof(name));
	if (!err && !strcmp(name, LAB_PASS_PROG)) {
		old.old_prog_fd = fd;
		err = bpf_xdp_detach(ifindex, XDP_FLAGS_DRV_MODE, &old);
	}
	close(fd);
	return err ? lab_error(err, "detach '" LAB_PASS_PROG "' from", ifname) : 0;
}

/* A program attached by a bpf_link goes only by way of its link. */
static int detach_link(int ifindex, __u32 prog_id)
{
	__u32 id = 0;

	while (!bpf_link_get_next_id(id, &id)) {
		struct bpf_link_info info = {};
		__u32 len = sizeof(info);
		int fd = bpf_link_get_fd_by_id(id);
		int err = -ENOENT;

		if (fd < 0)
			continue;
		if (!bpf_obj_get_info_by_fd(fd, &info, &len) && info.type == BPF_LINK_TYPE_XDP &&
		    info.prog_id == prog_id && info.xdp.ifindex == (__u32)ifindex)
			err = bpf_link_detach(fd);
		close(fd);
		if (!err)
			return 0;
	}
	return -EBUSY;
}

static int clear_mode(int ifindex, __u32 prog_id, __u32 flag)
{
	int err;

	if (!prog_id)
		return 0;
	err = bpf_xdp_detach(ifindex, flag, NULL);
	if (err == -EBUSY)
		err = detach_link(ifindex, prog_id);
	return err;
}

int lab_xdp_clear(const char *ifname)
{
	struct bpf_xdp_query_opts opts;
	int ifindex, err, err_skb;

	err = query(ifname, &ifindex, &opts);
	if (err)
		return err;
	err = clear_mode(ifindex, opts.drv_prog_id, XDP_FLAGS_DRV_MODE);
	err_skb = clear_mode(ifindex, opts.skb_prog_id, XDP_FLAGS_SKB_MODE);
	if (!err)
		err = err_skb;
	return err ? lab_error(err, "detach the programs of", ifname) : 0;
}
