// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Finding maps and checking their layout. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "log.h"
#include "maps.h"

#define KERNEL_ENOTSUPP 524 /* <errno.h> does not have it, the kernel does */

int maps_find(const struct bpf_object *obj, const char *name)
{
	int fd = bpf_object__find_map_fd_by_name(obj, name);

	if (fd >= 0)
		return fd;
	pr_err("no map '%s' in '%s'", name, bpf_object__name(obj));
	return -ENOENT;
}

int maps_resize(const struct bpf_object *obj, const char *path, const char *name,
		unsigned int count)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);
	int err = map ? bpf_map__set_max_entries(map, count) : -ENOENT;

	if (!err)
		return 0;
	pr_err("cannot use '%s' of '%s': %s", name, path,
	       map ? strerror(-err) : "it has no such map");
	return -ENOEXEC;
}

int maps_get_info(int fd, struct maps_info *info)
{
	struct bpf_map_info kernel;
	__u32 len = sizeof(kernel);

	memset(&kernel, 0, sizeof(kernel));
	if (bpf_obj_get_info_by_fd(fd, &kernel, &len))
		return -errno;
	memset(info, 0, sizeof(*info));
	info->id = kernel.id;
	memcpy(info->name, kernel.name, sizeof(info->name) - 1);
	info->layout = (struct maps_layout){
		.type = (enum bpf_map_type)kernel.type,
		.key_size = kernel.key_size,
		.value_size = kernel.value_size,
		.max_entries = kernel.max_entries,
	};
	return 0;
}

static const char *type_name(enum bpf_map_type type)
{
	const char *name = libbpf_bpf_map_type_str(type);

	return name ? name : "of an unknown type";
}

static int check_number(const char *name, const char *what, unsigned int got, unsigned int want)
{
	if (!want || got == want)
		return 0;
	pr_err("map '%s' has %s %u, expected %u", name, what, got, want);
	return -EINVAL;
}

int maps_check(int fd, const char *name, const struct maps_layout *want)
{
	struct maps_info info;
	int err = maps_get_info(fd, &info);

	if (err) {
		pr_err("cannot use '%s' as a map: %s", name, strerror(-err));
		return err;
	}
	pr_debug("map '%s': id %u, name %s, type %s, key size %u, value size %u, max entries %u",
		 name, info.id, info.name, type_name(info.layout.type), info.layout.key_size,
		 info.layout.value_size, info.layout.max_entries);
	if (want->type && info.layout.type != want->type) {
		pr_err("map '%s' has type %s, expected %s", name, type_name(info.layout.type),
		       type_name(want->type));
		return -EINVAL;
	}
	err = check_number(name, "key size", info.layout.key_size, want->key_size);
	if (!err)
		err = check_number(name, "value size", info.layout.value_size, want->value_size);
	if (!err)
		err = check_number(name, "max entries", info.layout.max_entries, want->max_entries);
	return err;
}

int maps_open_pinned(const char *path, const struct maps_layout *want)
{
	int fd, err;

	fd = bpf_obj_get(path);
	if (fd < 0) {
		err = -errno;
		if (err != -ENOENT)
			pr_err("cannot open the map pinned at '%s': %s", path, strerror(-err));
		return err;
	}
	err = maps_check(fd, path, want);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int maps_of_program(unsigned int prog_id, unsigned int ids[MAPS_OF_PROGRAM_MAX])
{
	struct bpf_prog_info info;
	__u32 len = sizeof(info);
	int fd, count = 0;

	fd = bpf_prog_get_fd_by_id(prog_id);
	if (fd < 0)
		return 0;
	memset(&info, 0, sizeof(info));
	info.nr_map_ids = MAPS_OF_PROGRAM_MAX;
	info.map_ids = (__u64)(unsigned long)ids;
	if (!bpf_obj_get_info_by_fd(fd, &info, &len))
		count = info.nr_map_ids < MAPS_OF_PROGRAM_MAX ? (int)info.nr_map_ids :
								MAPS_OF_PROGRAM_MAX;
	close(fd);
	return count;
}

bool maps_used_by(unsigned int prog_id, unsigned int map_id)
{
	unsigned int ids[MAPS_OF_PROGRAM_MAX];
	int i, count = maps_of_program(prog_id, ids);

	for (i = 0; i < count; i++)
		if (ids[i] == map_id)
			return true;
	return false;
}

/* All at once. Returns 0 or -errno. */
static int read_batch(int fd, unsigned int count, void *values)
{
	__u32 *keys = calloc(count, sizeof(*keys)), next, n = count;
	int err = 0;

	if (!keys)
		return -ENOMEM;
	/* ENOENT: the end of the map was reached, as it should be. */
	if (bpf_map_lookup_batch(fd, NULL, &next, keys, values, &n, NULL) && errno != ENOENT)
		err = -errno;
	else if (n != count)
		err = -ENODATA;
	free(keys);
	return err;
}

int maps_read_percpu(int fd, unsigned int count, size_t size, void *values)
{
	int cpus = libbpf_num_possible_cpus();
	char *at = values;
	__u32 key;
	int err;

	if (cpus < 0)
		return cpus;
	err = read_batch(fd, count, values);
	if (err != -EINVAL && err != -EOPNOTSUPP && err != -KERNEL_ENOTSUPP)
		return err;
	for (key = 0; key < count; key++, at += size * (size_t)cpus)
		if (bpf_map_lookup_elem(fd, &key, at))
			return -errno;
	return 0;
}
