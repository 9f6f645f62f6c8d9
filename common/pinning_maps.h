/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Maps pinned in a folder of the BPF file system, so that they outlive their
 * loader and other commands can open them. Taught in basic04-pinning-maps.
 *
 * Functions that return -ENOEXEC have printed one error line.
 */
#ifndef COMMON_PINNING_MAPS_H
#define COMMON_PINNING_MAPS_H

struct bpf_object;

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

#endif /* COMMON_PINNING_MAPS_H */
