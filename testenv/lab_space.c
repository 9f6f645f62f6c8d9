// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Running commands in the namespaces of a lab, or in new ones. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <net/if.h>

#include "lab.h"

#define BPFFS "/sys/fs/bpf"
#define END_SECONDS 2 /* for what a shell has left running */

/* What a new sysfs hides, and what programs need. */
static const char *const kept_mounts[] = {
	BPFFS,
	"/sys/fs/cgroup",
	"/sys/kernel/debug",
	"/sys/kernel/tracing",
};

/* What is mounted from here on must not be seen outside. */
static int make_private(void)
{
	static const char *const own_mounts[] = { "/sys", "/run", "/proc" };
	size_t i;

	if (unshare(CLONE_NEWNS))
		return lab_fail(-errno, "make", "a mount namespace");
	if (!mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL))
		return 0;
	if (errno != EINVAL)
		return lab_fail(-errno, "make private", "/");
	/* in a chroot "/" may be no mount point, nor what is below it */
	for (i = 0; i < ARRAY_LEN(own_mounts); i++)
		if (mount("none", own_mounts[i], "none", MS_REC | MS_PRIVATE, NULL) &&
		    errno != EINVAL)
			return lab_fail(-errno, "make private", own_mounts[i]);
	return 0;
}

static bool is_mount(const char *path)
{
	struct stat top, st;

	return !stat("/sys", &top) && !stat(path, &st) && st.st_dev != top.st_dev;
}

/* Show at @path what is at @from, below directory @dir_fd. */
static int bind_back(int dir_fd, const char *from, const char *path)
{
	char source[64 + NAME_MAX];

	snprintf(source, sizeof(source), "/proc/self/fd/%d/%s", dir_fd, from);
	if (mount(source, path, "none", MS_BIND | MS_REC, NULL))
		return lab_fail(-errno, "bind", path);
	return 0;
}

/* Only a new sysfs shows the namespace's interfaces in /sys/class/net. */
static int renew_sysfs(bool new_bpffs)
{
	int fds[ARRAY_LEN(kept_mounts)];
	struct stat sys, root;
	size_t i;

	if (stat("/sys", &sys) || stat("/", &root) || sys.st_dev == root.st_dev)
		return 0; /* there is no sysfs to replace */
	for (i = 0; i < ARRAY_LEN(kept_mounts); i++)
		fds[i] = is_mount(kept_mounts[i]) ? open(kept_mounts[i], O_PATH | O_CLOEXEC) : -1;
	if (mount("sysfs", "/sys", "sysfs", 0, NULL))
		return lab_fail(-errno, "mount sysfs on", "/sys");
	for (i = 0; i < ARRAY_LEN(kept_mounts); i++) {
		if (fds[i] < 0)
			continue;
		if (!(new_bpffs && !strcmp(kept_mounts[i], BPFFS)) &&
		    bind_back(fds[i], ".", kept_mounts[i]))
			return -EPERM;
		close(fds[i]);
	}
	if (new_bpffs && mount("bpf", BPFFS, "bpf", 0, "mode=0700"))
		return lab_fail(-errno, "mount bpf on", BPFFS);
	return 0;
}

static int run_command(char **argv)
{
	execvp(argv[0], argv);
	return lab_fail(-errno, "run", argv[0]);
}

int lab_exec(char **args)
{
	int fd;

	fd = open(args[0], O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		lab_fail(-errno, "open namespace", args[0]);
		return -EPERM;
	}
	if (setns(fd, CLONE_NEWNET)) {
		lab_fail(-errno, "enter namespace", args[0]);
		return -EPERM;
	}
	close(fd);
	if (make_private() || renew_sysfs(false))
		return -EPERM;
	return run_command(args + 1);
}

int lab_run(char **args)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	return run_command(args);
}

/* In a chroot whose mount is out of reach, it may be one that others share. */
static bool seen_outside(pid_t outside)
{
	struct stat here, there;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root/run", outside);
	return stat("/run", &here) || stat(path, &there) || here.st_dev == there.st_dev;
}

/* Show an entry of the /run that @run_fd is in the new one. */
static int keep_entry(int run_fd, const char *name)
{
	char path[8 + NAME_MAX], target[PATH_MAX];
	struct stat st;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/run/%s", name);
	if (fstatat(run_fd, name, &st, AT_SYMLINK_NOFOLLOW))
		return 0; /* it has just gone */
	if (S_ISLNK(st.st_mode)) {
		len = readlinkat(run_fd, name, target, sizeof(target) - 1);
		target[len < 0 ? 0 : len] = 0;
		return symlink(target, path) ? lab_fail(-errno, "make", path) : 0;
	}
	if (S_ISDIR(st.st_mode)) {
		if (mkdir(path, 0755))
			return lab_fail(-errno, "make", path);
	} else {
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			return lab_fail(-errno, "make", path);
		close(fd);
	}
	return bind_back(run_fd, name, path);
}

/* A /run with all that is there, but for labs and namespaces. */
static int renew_run(pid_t outside)
{
	struct dirent *entry;
	int err = 0, fd;
	DIR *dir;

	dir = opendir("/run");
	fd = dir ? dirfd(dir) : -1;
	if (fd < 0 || mount("tmpfs", "/run", "tmpfs", 0, "mode=0755"))
		return lab_fail(-errno, "mount tmpfs on", "/run");
	if (seen_outside(outside)) {
		umount("/run");
		pr_err("cannot make a private '/run': mounts made in this chroot show outside "
		       "(bind its folder onto itself before you enter)");
		return -EPERM;
	}
	while (!err && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    strcmp(entry->d_name, "netns") && strcmp(entry->d_name, "xdp-tutorial"))
			err = keep_entry(fd, entry->d_name);
	closedir(dir);
	return err;
}

static int set_lo_up(void)
{
	struct ifreq req = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd, err;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return lab_fail(-errno, "open a socket for", "lo");
	err = ioctl(fd, SIOCSIFFLAGS, &req) ? lab_fail(-errno, "set up", "lo") : 0;
	close(fd);
	return err;
}

/* Where we are is a folder of the old mounts: go there again. */
static int make_space(pid_t outside)
{
	char cwd[PATH_MAX];
	int err;

	if (!getcwd(cwd, sizeof(cwd)))
		cwd[0] = 0;
	if (unshare(CLONE_NEWNET))
		return lab_fail(-errno, "make", "a network namespace");
	err = make_private();
	if (!err)
		err = renew_run(outside);
	if (!err && mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		err = lab_fail(-errno, "mount proc on", "/proc");
	if (!err)
		err = renew_sysfs(true);
	if (!err)
		err = set_lo_up();
	if (!err && *cwd && chdir(cwd))
		err = lab_fail(-errno, "enter", cwd);
	return err;
}

/*
 * Wait for @child, and pass on to it what should end it; the signals are blocked.
 * Whatever else ends meanwhile is process 1's to collect. Returns its status.
 */
static int wait_child(pid_t child, const sigset_t *signals)
{
	int sig, status = 0;
	pid_t pid;

	for (;;) {
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == child)
				return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
							     WEXITSTATUS(status);
		if (sigwait(signals, &sig))
			return EXIT_FAILURE;
		if (sig == SIGHUP || sig == SIGTERM)
			kill(child, SIGHUP); /* an interactive shell ignores SIGTERM */
	}
}

/* What was left running can put away what is the machine's; then the kernel ends it. */
static void end_others(void)
{
	sigset_t signals;
	pid_t pid;
	int sig;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGALRM);
	kill(-1, SIGTERM);
	kill(-1, SIGCONT);
	alarm(END_SECONDS);
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0)
		if (!pid && (sigwait(&signals, &sig) || sig == SIGALRM))
			return;
}

/* Process 1 of the new pid namespace: with it all others end. */
static int run_init(char **args, pid_t outside, const sigset_t *signals, const sigset_t *old)
{
	pid_t child;
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (make_space(outside))
		return EXIT_FAILURE;
	child = fork();
	if (child < 0) {
		lab_fail(-errno, "run", args[0]);
		return EXIT_FAILURE;
	}
	if (!child) {
		sigprocmask(SIG_SETMASK, old, NULL);
		_exit(run_command(args) == -ENOENT ? 127 : 126);
	}
	status = wait_child(child, signals);
	end_others();
	return status;
}

/* Run @child_main in a child, with the terminal ours again when it has ended. */
static int run_child(int (*child_main)(char **args, pid_t outside, const sigset_t *signals,
				       const sigset_t *old),
		     char **args, const sigset_t *signals, const sigset_t *old)
{
	bool front = tcgetpgrp(STDIN_FILENO) == getpgrp();
	pid_t outside = getpid(), child;
	int status;

	child = fork();
	if (child < 0)
		return lab_fail(-errno, "run", args[0]);
	if (!child)
		_exit(child_main(args, outside, signals, old));
	status = wait_child(child, signals);
	/* It may still be the shell's, which is gone. */
	if (front)
		tcsetpgrp(STDIN_FILENO, getpgrp());
	return status;
}

int lab_shell(char **args)
{
	sigset_t signals, old;

	/* All of them: also Ctrl-C, which is for the shell and what it runs. */
	sigfillset(&signals);
	sigprocmask(SIG_SETMASK, &signals, &old);
	if (unshare(CLONE_NEWPID))
		return lab_fail(-errno, "make", "a pid namespace");
	return run_child(run_init, args, &signals, &old);
}

static int run_joined(char **args, pid_t outside, const sigset_t *signals, const sigset_t *old)
{
	(void)outside;
	(void)signals;
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	sigprocmask(SIG_SETMASK, old, NULL);
	return run_command(args) == -ENOENT ? 127 : 126;
}

int lab_join(char **args)
{
	char cwd[PATH_MAX];
	sigset_t signals, old;
	int fd;

	if (!getcwd(cwd, sizeof(cwd)))
		cwd[0] = 0;
	fd = (int)syscall(SYS_pidfd_open, atoi(args[0]), 0);
	if (fd < 0 || setns(fd, CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID))
		return lab_fail(-errno, "enter the namespaces of process", args[0]);
	close(fd);
	if (*cwd && chdir(cwd))
		return lab_fail(-errno, "enter", cwd);
	sigfillset(&signals);
	sigprocmask(SIG_SETMASK, &signals, &old);
	return run_child(run_joined, args + 1, &signals, &old);
}
