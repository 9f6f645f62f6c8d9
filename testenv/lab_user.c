/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * lab_user: the part of the lab that needs system calls. testenv.sh calls it;
 * there is no need to do so by hand.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/libbpf.h>

#include "lab.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct verb {
	const char *name;
	const char *args;
	int min_args;
	int (*run)(char **args);
};

int lab_error(int err, const char *what, const char *subject)
{
	fprintf(stderr, "error: cannot %s '%s': %s\n", what, subject, strerror(-err));
	return err;
}

int lab_ifindex(const char *ifname)
{
	int ifindex = if_nametoindex(ifname);

	return ifindex ? ifindex : lab_error(-ENODEV, "find interface", ifname);
}

static int do_show(char **args)
{
	return lab_xdp_show(args[0]);
}

static int do_attach(char **args)
{
	return lab_xdp_attach(args[0], args[1]);
}

static int do_detach(char **args)
{
	return lab_xdp_detach(args[0]);
}

static int do_clear(char **args)
{
	return lab_xdp_clear(args[0]);
}

static int do_tag(char **args)
{
	char *end;
	unsigned long vlan = strtoul(args[2], &end, 10);

	if (*end || vlan < 1 || vlan > 4094)
		return lab_error(-EINVAL, "use VLAN", args[2]);
	return lab_net_tag(args[0], args[1], vlan);
}

static int do_untag(char **args)
{
	return lab_net_untag(args[0]);
}

static int do_offloads_off(char **args)
{
	return lab_net_offloads_off(args[0]);
}

static int do_exec(char **args)
{
	return lab_exec_in(args[0], args + 1);
}

static int do_run(char **args)
{
	return lab_exec_plain(args);
}

static const struct verb verbs[] = {
	{ "show", "IFNAME", 1, do_show },
	{ "attach", "IFNAME OBJECT", 2, do_attach },
	{ "detach", "IFNAME", 1, do_detach },
	{ "clear", "IFNAME", 1, do_clear },
	{ "tag", "IFNAME OBJECT VLAN", 3, do_tag },
	{ "untag", "IFNAME", 1, do_untag },
	{ "offloads-off", "IFNAME", 1, do_offloads_off },
	{ "exec", "NETNS COMMAND [ARG...]", 2, do_exec },
	{ "run", "COMMAND [ARG...]", 1, do_run },
};

static void print_usage(FILE *out)
{
	size_t i;

	fprintf(out, "The lab's helper; testenv.sh calls it.\n\n");
	for (i = 0; i < ARRAY_LEN(verbs); i++)
		fprintf(out, "usage: lab_user %s %s\n", verbs[i].name, verbs[i].args);
}

/* A command that cannot be run ends like in a shell: 126, or 127 if missing. */
static int exit_status(const struct verb *verb, int err)
{
	if (verb->run != do_exec && verb->run != do_run)
		return err ? EXIT_FAILURE : EXIT_SUCCESS;
	if (err == -ENOENT)
		return 127;
	return 126;
}

int main(int argc, char **argv)
{
	size_t i;

	libbpf_set_print(NULL);

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
