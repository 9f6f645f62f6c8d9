// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The BPF file system itself: mounting it, locking it, folders in it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "log.h"
#include "netif.h"
#include "pinning.h"

/* What a map's name and more may add to a folder's path. */
#define PINNING_NAME_ROOM 64
#define XDP_FOLDER PINNING_BPFFS "/xdp" /* libxdp's own */

int pinning_mount_bpffs(void)
{
	struct stat own, init;
	struct statfs fs;

	if (!statfs(PINNING_BPFFS, &fs) && fs.f_type == BPF_FS_MAGIC)
		return 0;
	/* Pins in a mount namespace that ends with us would end with it. */
	if (stat("/proc/self/ns/mnt", &own) || stat("/proc/1/ns/mnt", &init) ||
	    own.st_ino != init.st_ino) {
		pr_info("no bpffs at '%s' in this mount namespace", PINNING_BPFFS);
		return -ENOENT;
	}
	if (mount("bpf", PINNING_BPFFS, "bpf", 0, "mode=0700")) {
		int err = -errno;

		pr_info("cannot mount bpffs at '%s': %s", PINNING_BPFFS, strerror(-err));
		return err;
	}
	pr_info("mounted bpffs at '%s'", PINNING_BPFFS);
	return 1;
}

void pinning_unmount_bpffs(void)
{
	/* rmdir fails when the folder is in use, and so it should. */
	if (rmdir(XDP_FOLDER) && errno != ENOENT)
		return;
	if (umount(PINNING_BPFFS))
		pr_debug("cannot unmount '%s': %s", PINNING_BPFFS, strerror(errno));
}

void pinning_drop_dispatcher(int ifindex, unsigned int id)
{
	char dir[64];
	struct dirent *entry;
	DIR *stream;

	snprintf(dir, sizeof(dir), XDP_FOLDER "/dispatch-%d-%u", ifindex, id);
	stream = opendir(dir);
	if (!stream)
		return;
	while ((entry = readdir(stream)))
		unlinkat(dirfd(stream), entry->d_name, 0);
	closedir(stream);
	rmdir(dir);
}

int pinning_lock(void)
{
	int fd = open(PINNING_BPFFS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		flock(fd, LOCK_EX);
	return fd;
}

void pinning_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}

int pinning_folder(char *path, size_t size, const char *given, const struct netif *dev)
{
	int len = given ? snprintf(path, size, "%s", given) :
			  snprintf(path, size, "%s/%s", PINNING_BPFFS, dev->name);

	if (len >= 0 && (size_t)len < size - PINNING_NAME_ROOM)
		return 0;
	pr_err("cannot pin in a folder whose path is %d bytes long", len);
	return -ENOEXEC;
}

/* Whether @path, or the folder that it would be made in, is on a bpffs. */
static bool is_on_bpffs(const char *path)
{
	char parent[PATH_MAX];
	struct statfs fs;
	char *slash;

	if (statfs(path, &fs)) {
		snprintf(parent, sizeof(parent), "%s", path);
		slash = strrchr(parent, '/');
		if (!slash || slash == parent)
			return false;
		*slash = '\0';
		if (statfs(parent, &fs))
			return false;
	}
	return fs.f_type == BPF_FS_MAGIC;
}

int pinning_make_folder(const char *path)
{
	pinning_mount_bpffs();
	if (!is_on_bpffs(path)) {
		pr_err("cannot pin in '%s': not on a BPF file system (as %s is)", path,
		       PINNING_BPFFS);
		return -ENOEXEC;
	}
	if (!mkdir(path, 0700))
		return 1;
	if (errno == EEXIST)
		return 0;
	pr_err("cannot make folder '%s': %s", path, strerror(errno));
	return -ENOEXEC;
}
