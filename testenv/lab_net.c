/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* lab_net: the VLAN programs and the offloads of an interface. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "lab.h"

static int set_vlan(struct bpf_object *obj, unsigned int vlan)
{
	struct bpf_map *rodata;
	__u16 id = vlan;

	rodata = bpf_object__find_map_by_name(obj, ".rodata");
	if (!rodata)
		rodata = bpf_object__next_map(obj, NULL);
	if (!rodata)
		return -ENOENT;
	return bpf_map__set_initial_value(rodata, &id, sizeof(id));
}

static int attach_tc(struct bpf_object *obj, const char *progname, struct bpf_tc_hook *hook)
{
	DECLARE_LIBBPF_OPTS(bpf_tc_opts, opts, .handle = 1, .priority = 1,
			    .flags = BPF_TC_F_REPLACE);
	struct bpf_program *prog;

	prog = bpf_object__find_program_by_name(obj, progname);
	if (!prog)
		return -ENOENT;
	opts.prog_fd = bpf_program__fd(prog);
	return bpf_tc_attach(hook, &opts);
}

static int attach_both(struct bpf_object *obj, int ifindex)
{
	DECLARE_LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
			    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	int err;

	err = bpf_tc_hook_create(&hook);
	if (err && err != -EEXIST)
		return err;
	hook.attach_point = BPF_TC_INGRESS;
	err = attach_tc(obj, "tc_lab_pop", &hook);
	if (err)
		return err;
	hook.attach_point = BPF_TC_EGRESS;
	return attach_tc(obj, "tc_lab_push", &hook);
}

int lab_net_tag(const char *ifname, const char *objfile, unsigned int vlan)
{
	struct bpf_object *obj;
	int ifindex, err;

	ifindex = lab_ifindex(ifname);
	if (ifindex < 0)
		return ifindex;
	obj = bpf_object__open_file(objfile, NULL);
	if (!obj)
		return lab_error(-errno, "open", objfile);
	err = set_vlan(obj, vlan);
	if (!err)
		err = bpf_object__load(obj);
	if (!err)
		err = attach_both(obj, ifindex);
	if (err)
		lab_error(err, "attach the VLAN programs to", ifname);
	bpf_object__close(obj);
	return err;
}

/* Removes the clsact hooks of an interface with all programs on them. */
int lab_net_untag(const char *ifname)
{
	DECLARE_LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	int err;

	hook.ifindex = lab_ifindex(ifname);
	if (hook.ifindex < 0)
		return hook.ifindex;
	err = bpf_tc_hook_destroy(&hook);
	if (err == -ENOENT || err == -EINVAL)
		return 0; /* there was none */
	return err ? lab_error(err, "remove the tc hooks of", ifname) : 0;
}

static int ethtool_set(int fd, const char *ifname, __u32 cmd, __u32 *data)
{
	struct ethtool_value value = { .cmd = cmd, .data = *data };
	struct ifreq req = { .ifr_data = (void *)&value };

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", ifname);
	if (ioctl(fd, SIOCETHTOOL, &req))
		return -errno;
	*data = value.data;
	return 0;
}

/* Like ethtool -K IFNAME tx off txvlan off rxvlan off */
int lab_net_offloads_off(const char *ifname)
{
	__u32 csum = 0, flags = 0;
	int fd, err;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return lab_error(-errno, "open a socket for", ifname);
	err = ethtool_set(fd, ifname, ETHTOOL_STXCSUM, &csum);
	if (!err)
		err = ethtool_set(fd, ifname, ETHTOOL_GFLAGS, &flags);
	flags &= ~(ETH_FLAG_TXVLAN | ETH_FLAG_RXVLAN);
	if (!err)
		err = ethtool_set(fd, ifname, ETHTOOL_SFLAGS, &flags);
	if (err)
		lab_error(err, "turn off the offloads of", ifname);
	close(fd);
	return err;
}
