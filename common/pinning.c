// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Mounting the BPF file system. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "log.h"
#include "pinning.h"

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

		pr_info("cannot mount bpffs at '%s': %s", PINNING_BPFFS,
			strerror(-err));
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
		pr_debug("cannot unmount '%s': %s", PINNING_BPFFS,
			 strerror(errno));
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
