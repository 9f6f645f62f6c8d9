/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The BPF file system, where maps, programs and links are kept alive under a
 * name after the process that made them has ended. libxdp keeps its dispatcher
 * there. Taught in basic04-pinning-maps.
 */
#ifndef COMMON_PINNING_H
#define COMMON_PINNING_H

/* Where bpffs is mounted, everywhere. */
#define PINNING_BPFFS "/sys/fs/bpf"

/*
 * Make sure that bpffs is mounted at PINNING_BPFFS. Returns 0 when it was, 1
 * when it is now, after a note that says so; -errno when it cannot be mounted,
 * after a note: programs can be attached without it, but not pinned.
 */
int pinning_mount_bpffs(void);

/* Undo a mount by pinning_mount_bpffs(), if nobody has put anything there. */
void pinning_unmount_bpffs(void);

#endif /* COMMON_PINNING_H */
