// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Mounting the BPF file system. */
#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "log.h"
#include "pinning.h"

#define XDP_FOLDER PINNING_BPFFS "/xdp" /* libxdp's own */

int pinning_mount_bpffs(void)
{
	struct statfs fs;

	if (!statfs(PINNING_BPFFS, &fs) && fs.f_type == BPF_FS_MAGIC)
		return 0;
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
