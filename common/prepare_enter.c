// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A network for programs that run without a wire. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "prepare_enter.h"

/* The network that this process has made; empty: none. */
static char network[PATH_MAX];

static int run_script(const char *path)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execlp("sh", "sh", "-e", path, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return status ? -ENOEXEC : 0;
}

int prepare_enter(const char *text, const char *file)
{
	const char *slash = strrchr(text, '/');
	char name[PATH_MAX], path[PATH_MAX];
	int err;

	snprintf(name, sizeof(name), "%.*s%s", slash ? (int)(slash + 1 - text) : 0, text, file);
	if (!realpath(name, path)) {
		pr_err("cannot find '%s': %s", name, strerror(errno));
		return -EINVAL;
	}
	if (!strcmp(path, network))
		return 0;
	if (*network) {
		pr_err("cannot make the network of '%s': there is one, of '%s'", path, network);
		return -EIO;
	}
	err = unshare(CLONE_NEWNET) ? -errno : run_script(path);
	if (!err) {
		strcpy(network, path);
		return 0;
	}
	pr_err("cannot make the network of '%s': %s", path,
	       err == -ENOEXEC ? "the script has failed" : strerror(-err));
	return -EIO;
}
