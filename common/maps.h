/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Maps found by name, and checks that type, key and value are as expected. A command
 * that reads a map of another layout than it thinks prints nonsense, so every map
 * that was not just made from our own object is checked first. Taught in
 * basic03-map-counter.
 */
#ifndef COMMON_MAPS_H
#define COMMON_MAPS_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/bpf.h>

struct bpf_object;

/* What a map must be; a member that is 0 may be anything. */
struct maps_layout {
	enum bpf_map_type type;
	unsigned int key_size; /* bytes */
	unsigned int value_size; /* bytes, on each CPU */
	unsigned int max_entries;
};

/* What a map is. */
struct maps_info {
	unsigned int id;
	char name[BPF_OBJ_NAME_LEN];
	struct maps_layout layout;
};

/*
 * The file descriptor of map @name of a loaded object, which keeps owning it;
 * -ENOENT after one error line when there is no such map.
 */
int maps_find(const struct bpf_object *obj, const char *name);

/*
 * Have map @name of @obj, which is open, made with @count elements when it is
 * loaded. Returns 0, or -ENOEXEC after one error line, in which the object is
 * called @path.
 */
int maps_resize(const struct bpf_object *obj, const char *path, const char *name,
		unsigned int count);

/* Ask the kernel about the map behind @fd. Returns 0 or -errno. */
int maps_get_info(int fd, struct maps_info *info);

/*
 * Check the map behind @fd, which messages call @name. Returns 0; -EINVAL
 * after one error line that says what differs; another -errno, after one error
 * line, when it is no map. With -v it prints id, name, type and sizes.
 */
int maps_check(int fd, const char *name, const struct maps_layout *want);

/*
 * Open the map pinned at @path, and check it. Returns a file descriptor that
 * the caller closes, or what maps_check() returned; -ENOENT without a message
 * when nothing is pinned there.
 */
int maps_open_pinned(const char *path, const struct maps_layout *want);

#define MAPS_OF_PROGRAM_MAX 64 /* the kernel's own limit */

/*
 * Store the ids of the maps that the program with id @prog_id uses. Returns
 * how many: 0 also when there is no such program any more.
 */
int maps_of_program(unsigned int prog_id, unsigned int ids[MAPS_OF_PROGRAM_MAX]);

/* Whether the program with id @prog_id uses the map with id @map_id. */
bool maps_used_by(unsigned int prog_id, unsigned int map_id);

/*
 * Read @count elements, which is all, of the per-CPU array behind @fd into
 * @values: of each key one value for each possible CPU, @size bytes (a multiple
 * of 8). One system call where the kernel has batched reads of such maps
 * (5.13), else one for each key. Returns 0 or -errno.
 */
int maps_read_percpu(int fd, unsigned int count, size_t size, void *values);

#endif /* COMMON_MAPS_H */
