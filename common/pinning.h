/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The BPF file system, where maps, programs and links are kept alive under a
 * name after the process that made them has ended, so that other commands can
 * open them. libxdp keeps its dispatcher there. Taught in basic04-pinning-maps.
 *
 * Functions that return -ENOEXEC have printed one error line.
 */
#ifndef COMMON_PINNING_H
#define COMMON_PINNING_H

#include <stddef.h>

struct bpf_object;
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

/*
 * Before loading: have @obj use the maps that are pinned in @path under the
 * names of its own, if their layout is the same. A map that is not pinned there
 * will be a new one. Returns 0 or -ENOEXEC.
 */
int pinning_reuse_maps(struct bpf_object *obj, const char *path);

/*
 * After loading: pin the maps of @obj in @path, all of them or none. What is
 * pinned there under their names is replaced, in one step for who opens it.
 * Returns 0 or -ENOEXEC.
 */
int pinning_pin_maps(struct bpf_object *obj, const char *path);

/*
 * Unpin everything in @path and remove it, unless one of the @n programs with
 * these ids uses a map that is pinned there. Returns 0, also when there is no
 * such folder or when it is used; or -ENOEXEC.
 */
int pinning_remove(const char *path, const unsigned int *prog_ids, int n);

#endif /* COMMON_PINNING_H */
