/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * lab_user: the part of the lab that needs system calls; testenv.sh calls it.
 * XDP programs are looked up and attached by plain netlink: no pin, no
 * dispatcher, nothing that a lesson's loader would have to know about.
 *
 * Each command works in the network namespace that it is called in, and prints
 * one line about what has failed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/sockios.h>

#include "attach.h"
#include "attach_query.h"
#include "lab.h"
#include "log.h"
#include "netif.h"
#include "rodata.h"

#define PASS_PROG "xdp_lab_pass"
#define DISPATCHER "xdp_dispatcher" /* libxdp's */

static int find_dev(const char *ifname, struct netif *dev)
{
	return netif_find(ifname, dev) ? lab_fail(-ENODEV, "find interface", ifname) : 0;
}

/* The programs of an interface, and what is in the kernel's own slots. */
static int query(const char *ifname, struct netif *dev, unsigned int slot[ATTACH_SLOTS],
		 struct attach_list *list)
{
	int err = find_dev(ifname, dev);

	if (err)
		return err;
	err = attach_slots(dev, slot);
	if (!err)
		err = attach_query(dev, list);
	return err ? lab_fail(err, "ask for the programs of", ifname) : 0;
}

/* The name of what is in a slot: a program, or the dispatcher of several. */
static const char *slot_name(const struct attach_list *list, unsigned int id)
{
	int i;

	for (i = 0; i < list->count; i++)
		if (list->entry[i].id == id && !list->entry[i].dispatched)
			return *list->entry[i].name ? list->entry[i].name : "-";
	return DISPATCHER;
}

/* "MODE ID NAME" a line; after a dispatcher, as "dispatched", those behind it. */
static int do_show(char **args)
{
	static const struct {
		const char *name;
		int mode;
	} slots[ATTACH_SLOTS] = {
		{ "native", XDP_MODE_NATIVE },
		{ "generic", XDP_MODE_SKB },
		{ "offload", XDP_MODE_HW },
	};
	unsigned int slot[ATTACH_SLOTS];
	struct attach_list list;
	struct netif dev;
	int i, j, err;

	err = query(args[0], &dev, slot, &list);
	if (err)
		return err;
	for (i = 0; i < ATTACH_SLOTS; i++) {
		if (slot[i])
			printf("%s %u %s\n", slots[i].name, slot[i], slot_name(&list, slot[i]));
		for (j = 0; j < list.count; j++)
			if (list.entry[j].dispatched && list.entry[j].mode == slots[i].mode)
				printf("dispatched %u %s\n", list.entry[j].id, list.entry[j].name);
	}
	return 0;
}

/* Attach the lab's own program, unless there is one. */
static int do_attach(char **args)
{
	__u32 flags = XDP_FLAGS_DRV_MODE | XDP_FLAGS_UPDATE_IF_NOEXIST;
	struct bpf_program *prog;
	char path[PATH_MAX];
	struct bpf_object *obj;
	struct netif dev;
	int err;

	err = find_dev(args[0], &dev);
	if (err)
		return err;
	obj = attach_open_object(args[1], path);
	if (!obj)
		return -ENOEXEC;
	err = bpf_object__load(obj);
	if (err) {
		lab_fail(err, "load", args[1]);
		goto close_object;
	}
	prog = bpf_object__find_program_by_name(obj, PASS_PROG);
	err = prog ? bpf_xdp_attach(dev.index, bpf_program__fd(prog), flags, NULL) : -ENOENT;
	if (err)
		lab_fail(err, "attach '" PASS_PROG "' to", args[0]);
close_object:
	bpf_object__close(obj);
	return err;
}

/* Detach the lab's own program, and nothing else: not even one that just came. */
static int do_detach(char **args)
{
	unsigned int slot[ATTACH_SLOTS];
	struct attach_list list;
	struct netif dev;
	int err, i;

	err = query(args[0], &dev, slot, &list);
	for (i = 0; !err && i < list.count; i++)
		if (list.entry[i].id == slot[0] && !strcmp(list.entry[i].name, PASS_PROG))
			err = attach_remove(&dev, &list.entry[i]);
	return err;
}

/* Detach every program of an interface. */
static int do_clear(char **args)
{
	struct attach_saved saved[ATTACH_SLOTS];
	struct netif dev;
	int err, n;

	err = find_dev(args[0], &dev);
	if (err)
		return err;
	err = attach_detach_all(&dev, saved, &n);
	while (n)
		close(saved[--n].fd);
	return err < 0 ? err : 0;
}

static int attach_tc(struct bpf_object *obj, const char *progname, struct bpf_tc_hook *hook)
{
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = 1, .priority = 1, .flags = BPF_TC_F_REPLACE);
	struct bpf_program *prog;

	prog = bpf_object__find_program_by_name(obj, progname);
	if (!prog)
		return -ENOENT;
	opts.prog_fd = bpf_program__fd(prog);
	return bpf_tc_attach(hook, &opts);
}

static int attach_tags(struct bpf_object *obj, int ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
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

/* Tag with a VLAN what leaves an interface, and untag what arrives. */
static int do_tag(char **args)
{
	struct bpf_object *obj;
	char path[PATH_MAX];
	unsigned long number;
	struct netif dev;
	__u16 vlan;
	char *end;
	int err;

	number = strtoul(args[2], &end, 10);
	vlan = (__u16)number;
	if (*end || number < 1 || number > 4094)
		return lab_fail(-EINVAL, "use VLAN", args[2]);
	err = find_dev(args[0], &dev);
	if (err)
		return err;
	obj = attach_open_object(args[1], path);
	if (!obj)
		return -ENOEXEC;
	err = rodata_set(obj, "lab_vlan_id", &vlan, sizeof(vlan));
	if (err)
		goto close_object;
	err = bpf_object__load(obj);
	if (!err)
		err = attach_tags(obj, dev.index);
	if (err)
		lab_fail(err, "attach the VLAN programs to", args[0]);
close_object:
	bpf_object__close(obj);
	return err;
}

/* Remove the clsact hooks of an interface with all programs on them. */
static int do_untag(char **args)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	struct netif dev;
	int err;

	err = find_dev(args[0], &dev);
	if (err)
		return err;
	hook.ifindex = dev.index;
	err = bpf_tc_hook_destroy(&hook);
	if (err == -ENOENT || err == -EINVAL)
		return 0; /* there was none */
	return err ? lab_fail(err, "remove the tc hooks of", args[0]) : 0;
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
static int do_offloads_off(char **args)
{
	__u32 csum = 0, flags = 0;
	int fd, err;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return lab_fail(-errno, "open a socket for", args[0]);
	err = ethtool_set(fd, args[0], ETHTOOL_STXCSUM, &csum);
	if (!err)
		err = ethtool_set(fd, args[0], ETHTOOL_GFLAGS, &flags);
	flags &= ~(ETH_FLAG_TXVLAN | ETH_FLAG_RXVLAN);
	if (!err)
		err = ethtool_set(fd, args[0], ETHTOOL_SFLAGS, &flags);
	if (err)
		lab_fail(err, "turn off the offloads of", args[0]);
	close(fd);
	return err;
}

static const struct verb {
	const char *name;
	const char *args;
	int min_args;
	int (*run)(char **args);
	const char *help;
} verbs[] = {
	{ "show", "IFNAME", 1, do_show, "list the XDP programs of an interface" },
	{ "attach", "IFNAME OBJECT", 2, do_attach,
	  "attach " PASS_PROG ", unless a program is there" },
	{ "detach", "IFNAME", 1, do_detach, "detach " PASS_PROG ", and no other program" },
	{ "clear", "IFNAME", 1, do_clear, "detach all XDP programs" },
	{ "tag", "IFNAME OBJECT VLAN", 3, do_tag,
	  "tag packets that leave, untag those that arrive" },
	{ "untag", "IFNAME", 1, do_untag, "remove all tc programs" },
	{ "offloads-off", "IFNAME", 1, do_offloads_off,
	  "turn off checksum and VLAN offloads: packets leave finished" },
	{ "exec", "NETNS COMMAND [ARG...]", 2, lab_exec, "run a command in a network namespace" },
	{ "run", "COMMAND [ARG...]", 1, lab_run, "run a command that SIGINT can end" },
	{ "send", "IFNAME PEER_MAC VLAN OWN4 PEER4 OWN6 PEER6 KIND [OPTION...]", 7, lab_send,
	  "send packets of a kind" },
	{ "shell", "COMMAND [ARG...]", 1, lab_shell, "run a command in namespaces of its own" },
	{ "join", "PID COMMAND [ARG...]", 2, lab_join, "run a command in those of a process" },
};

static void print_usage(FILE *out)
{
	size_t i;

	fprintf(out, "The part of the lab that needs system calls; testenv.sh calls it.\n\n");
	for (i = 0; i < ARRAY_LEN(verbs); i++)
		fprintf(out, "usage: lab_user %s %s\n\t%s\n", verbs[i].name, verbs[i].args,
			verbs[i].help);
}

/* A command that cannot be run ends like in a shell: 126, or 127 if missing. */
static int exit_status(const struct verb *verb, int err)
{
	if (verb->run != lab_exec && verb->run != lab_run)
		return err < 0 ? EXIT_FAILURE : err;
	return err == -ENOENT ? 127 : 126;
}

int main(int argc, char **argv)
{
	size_t i;

	log_init(LOG_LEVEL_ERR);
	if (argc > 1 && !strcmp(argv[1], "--help")) {
		print_usage(stdout);
		return EXIT_SUCCESS;
	}
	for (i = 0; argc > 1 && i < ARRAY_LEN(verbs); i++) {
		if (strcmp(argv[1], verbs[i].name) || argc - 2 < verbs[i].min_args)
			continue;
		return exit_status(&verbs[i], verbs[i].run(argv + 2));
	}
	print_usage(stderr);
	return 2;
}
