/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The BPF file system, where maps, programs and links are kept alive under a
 * name after the process that made them has ended. libxdp keeps its dispatcher
 * there. Taught in basic04-pinning-maps.
 *
 * Functions that return -ENOEXEC have printed one error line.
 */
#ifndef COMMON_PINNING_H
#define COMMON_PINNING_H

#include <stddef.h>

struct netif;

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

/*
 * Unpin what libxdp has pinned for its dispatcher with program id @id, that is
 * no longer attached to interface @ifindex; nothing if it is no dispatcher.
 * (libxdp_clean_references() takes interfaces of other network namespaces for
 * ours: they may have the same index. So what a process has left that was
 * killed after pinning and before attaching, a millisecond, stays until someone
 * removes it by hand: nobody can tell whether it is in use elsewhere.)
 */
void pinning_drop_dispatcher(int ifindex, unsigned int id);

/*
 * Let the loaders of this tree take turns between looking at an interface and
 * changing it. Returns what pinning_unlock() is to be handed; without bpffs,
 * and so without a dispatcher, there is nothing to lock.
 */
int pinning_lock(void);
void pinning_unlock(int lock);

/*
 * Store in @path (of @size bytes) the folder to pin in: @given (--pin-dir), or
 * the interface's own, PINNING_BPFFS/IFNAME, when that is NULL. Returns 0, or
 * -ENOEXEC after one error line when it is too long.
 */
int pinning_folder(char *path, size_t size, const char *given, const struct netif *dev);

/*
 * Make folder @path, which must be on a bpffs. Returns 0 when it was there, 1
 * when it was made, -ENOEXEC after one error line when neither.
 */
int pinning_make_folder(const char *path);

#endif /* COMMON_PINNING_H */
