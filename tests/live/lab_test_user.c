/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A loader as plain as can be: libbpf and netlink, native mode.
 *
 *	lab_test_user -d IFNAME PROGRAM [IFINDEX NUMBER]
 *	lab_test_user -d IFNAME --wait PROGRAM
 *	lab_test_user -d IFNAME --link PIN PROGRAM
 *	lab_test_user -d IFNAME --unload-all
 *
 * IFINDEX and NUMBER are what redirect_func sends to. --wait stays until SIGINT
 * or SIGTERM and then leaves with status 0, detaching what it attached.
 * --link attaches by a bpf_link and pins that.
 */
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_link.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "lab_test.h"

#define FLAGS XDP_FLAGS_DRV_MODE

static int fail(const char *what, int err)
{
	fprintf(stderr, "error: cannot %s: %s\n", what, strerror(-err));
	return 30;
}

static struct bpf_object *open_object(const char *command, char **words)
{
	char path[4096];
	struct bpf_object *obj;
	struct bpf_map *map;
	struct target target;

	snprintf(path, sizeof(path), "%.*s_kern.o", (int)(strlen(command) - strlen("_user")),
		 command);
	obj = bpf_object__open_file(path, NULL);
	if (!obj || !words[0] || !words[1])
		return obj;
	target.ifindex = atoi(words[0]);
	target.number = atoi(words[1]);
	map = bpf_object__next_map(obj, NULL);
	if (!map || bpf_map__set_initial_value(map, &target, sizeof(target)))
		return NULL;
	return obj;
}

static int load(const char *command, int ifindex, char **args)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	int err;

	obj = open_object(command, args + 1);
	if (!obj)
		return fail("open the object", -ENOENT);
	err = bpf_object__load(obj);
	if (err)
		return fail("load the object", err);
	prog = bpf_object__find_program_by_name(obj, args[0]);
	if (!prog)
		return fail("find the program", -ENOENT);
	err = bpf_xdp_attach(ifindex, bpf_program__fd(prog), FLAGS | XDP_FLAGS_UPDATE_IF_NOEXIST,
			     NULL);
	bpf_object__close(obj);
	return err ? fail("attach the program", err) : 0;
}

static int load_link(const char *command, int ifindex, char **args)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	struct bpf_link *link;

	obj = open_object(command, args + 1);
	if (!obj || bpf_object__load(obj))
		return fail("load the object", -ENOENT);
	prog = bpf_object__find_program_by_name(obj, args[1]);
	link = prog ? bpf_program__attach_xdp(prog, ifindex) : NULL;
	if (!link || bpf_link__pin(link, args[0]))
		return fail("attach the link", -errno);
	bpf_link__destroy(link);
	bpf_object__close(obj);
	return 0;
}

static int load_and_wait(const char *command, int ifindex, char **args)
{
	sigset_t set;
	int err, sig;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	err = load(command, ifindex, args);
	if (err)
		return err;
	printf("waiting\n");
	fflush(stdout);
	sigwait(&set, &sig);
	printf("signal %d\n", sig);
	return bpf_xdp_detach(ifindex, FLAGS, NULL) ? 30 : 0;
}

int main(int argc, char **argv)
{
	int ifindex;

	libbpf_set_print(NULL);
	if (argc == 2 && !strcmp(argv[1], "--help")) {
		printf("options: -d, --wait, --unload-all\n");
		return 0;
	}
	if (argc < 4 || strcmp(argv[1], "-d")) {
		fprintf(stderr, "error: see the head of lab_test_user.c\n");
		return 2;
	}
	ifindex = if_nametoindex(argv[2]);
	if (!ifindex)
		return fail("find the interface", -errno);
	if (!strcmp(argv[3], "--unload-all"))
		return bpf_xdp_detach(ifindex, FLAGS, NULL) ? 30 : 0;
	if (!strcmp(argv[3], "--wait") && argc > 4)
		return load_and_wait(argv[0], ifindex, argv + 4);
	if (!strcmp(argv[3], "--link") && argc > 5)
		return load_link(argv[0], ifindex, argv + 4);
	return load(argv[0], ifindex, argv + 3);
}
