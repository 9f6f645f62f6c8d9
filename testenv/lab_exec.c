/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * lab_exec: run a command inside the lab's namespace, like ip netns exec, but
 * with the bpf, tracing and cgroup file systems still in /sys.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* What a new sysfs hides, and what programs need. */
static const char *const keep[] = {
	"/sys/fs/bpf",
	"/sys/fs/cgroup",
	"/sys/kernel/debug",
	"/sys/kernel/tracing",
};

static int is_mount(const char *path)
{
	struct stat top, st;

	return !stat("/sys", &top) && !stat(path, &st) && st.st_dev != top.st_dev;
}

/* What is mounted from here on must not be seen outside. */
static int make_private(void)
{
	if (unshare(CLONE_NEWNS))
		return lab_error(-errno, "make", "a mount namespace");
	if (!mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL))
		return 0;
	/* in a chroot "/" may be no mount point: /sys alone will do */
	if (errno == EINVAL &&
	    (!mount("none", "/sys", "none", MS_REC | MS_PRIVATE, NULL) || errno == EINVAL))
		return 0;
	return lab_error(-errno, "make private", "/sys");
}

/* Only the new sysfs shows the namespace's interfaces in /sys/class/net. */
static int renew_sysfs(void)
{
	int fds[ARRAY_LEN(keep)];
	struct stat sys, root;
	char from[64];
	size_t i;

	if (stat("/sys", &sys) || stat("/", &root) || sys.st_dev == root.st_dev)
		return 0; /* there is no sysfs to replace */
	for (i = 0; i < ARRAY_LEN(keep); i++)
		fds[i] = is_mount(keep[i]) ? open(keep[i], O_PATH | O_CLOEXEC) : -1;
	if (mount("sysfs", "/sys", "sysfs", 0, NULL))
		return lab_error(-errno, "mount sysfs on", "/sys");
	for (i = 0; i < ARRAY_LEN(keep); i++) {
		if (fds[i] < 0)
			continue;
		snprintf(from, sizeof(from), "/proc/self/fd/%d", fds[i]);
		if (mount(from, keep[i], "none", MS_BIND | MS_REC, NULL))
			return lab_error(-errno, "bind", keep[i]);
		close(fds[i]);
	}
	return 0;
}

static int run(char **argv)
{
	execvp(argv[0], argv);
	return lab_error(-errno, "run", argv[0]);
}

/* Any failure before the command runs is -EPERM: its own are run()'s. */
int lab_exec_in(const char *netns, char **argv)
{
	int fd;

	fd = open(netns, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		lab_error(-errno, "open namespace", netns);
		return -EPERM;
	}
	if (setns(fd, CLONE_NEWNET)) {
		lab_error(-errno, "enter namespace", netns);
		return -EPERM;
	}
	close(fd);
	if (make_private() || renew_sysfs())
		return -EPERM;
	return run(argv);
}

/* A shell starts a background command deaf to SIGINT; this one is not. */
int lab_exec_plain(char **argv)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	return run(argv);
}
