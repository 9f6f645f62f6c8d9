// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Tracefs, mounted or not, and the files in it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>
#include <linux/mount.h>

#include "log.h"
#include "tracefs.h"

static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

/* Returns a file descriptor, or -ENOENT where something else is. */
static int open_mounted(const char *where)
{
	struct statfs fs;
	int fd;

	fd = open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!fstatfs(fd, &fs) && fs.f_type == TRACEFS_MAGIC)
		return fd;
	close(fd);
	return -ENOENT;
}

/* A mount that is in no folder (Linux 5.2). */
static int open_detached(void)
{
	int context, fd = -1, err = 0;

	context = syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC);
	if (context < 0)
		return -errno;
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		err = -errno;
	if (!err) {
		fd = syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
		err = fd < 0 ? -errno : 0;
	}
	close(context);
	return err ? err : fd;
}

int tracefs_open(void)
{
	unsigned int i;
	int fd;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		fd = open_mounted(places[i]);
		if (fd >= 0)
			return fd;
	}
	fd = open_detached();
	if (fd >= 0)
		return fd;
	pr_err("cannot open tracefs: %s (mount it: sudo mount -t tracefs tracefs %s)",
	       strerror(-fd), places[0]);
	return fd;
}

FILE *tracefs_fopen(int folder, const char *path)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}
