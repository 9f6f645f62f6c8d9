// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The BPF file system: mounting it, locking it, folders in it; the maps of an
 * object pinned in them, reused and unpinned.
 */
#define _GNU_SOURCE
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

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/magic.h>

#include "log.h"
#include "maps.h"
#include "netif.h"
#include "pinning.h"

/* What a map's name and more may add to a folder's path. */
#define PINNING_NAME_ROOM 64
#define XDP_FOLDER PINNING_BPFFS "/xdp" /* libxdp's own */
#define PIN_PATH_MAX (PATH_MAX + NAME_MAX + 2)
/* A name that no map has: a C identifier of its own never ends like this. */
#define NEW_SUFFIX "_new"

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

/* Global variables are maps too; those belong to one program. */
static bool is_pinnable(const struct bpf_map *map)
{
	return !bpf_map__is_internal(map);
}

static void pin_path(char *path, const char *folder, const char *name, const char *suffix)
{
	snprintf(path, PIN_PATH_MAX, "%s/%s%s", folder, name, suffix);
}

static int reuse_one(struct bpf_map *map, const char *folder)
{
	const struct maps_layout layout = {
		.type = bpf_map__type(map),
		.key_size = bpf_map__key_size(map),
		.value_size = bpf_map__value_size(map),
		.max_entries = bpf_map__max_entries(map),
	};
	char path[PIN_PATH_MAX];
	int fd, err;

	pin_path(path, folder, bpf_map__name(map), "");
	fd = maps_open_pinned(path, &layout);
	if (fd == -ENOENT) {
		pr_info("nothing is pinned at '%s': a new map", path);
		return 0;
	}
	if (fd < 0)
		return -ENOEXEC;
	err = bpf_map__reuse_fd(map, fd);
	close(fd);
	if (!err)
		return 0;
	pr_err("cannot reuse the map pinned at '%s': %s", path, strerror(-err));
	return -ENOEXEC;
}

int pinning_reuse_maps(struct bpf_object *obj, const char *path)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, obj)
		if (!err && is_pinnable(map))
			err = reuse_one(map, path);
	return err;
}

/* Take back the pins under provisional names. */
static void drop_new(struct bpf_object *obj, const char *folder)
{
	char path[PIN_PATH_MAX];
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj) {
		pin_path(path, folder, bpf_map__name(map), NEW_SUFFIX);
		unlink(path);
	}
}

/* Give the pins their names: nobody ever sees a name without a map. */
static int rename_new(struct bpf_object *obj, const char *folder)
{
	char from[PIN_PATH_MAX], to[PIN_PATH_MAX];
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj) {
		if (!is_pinnable(map))
			continue;
		pin_path(from, folder, bpf_map__name(map), NEW_SUFFIX);
		pin_path(to, folder, bpf_map__name(map), "");
		if (rename(from, to))
			return -errno;
	}
	return 0;
}

int pinning_pin_maps(struct bpf_object *obj, const char *path)
{
	char new[PIN_PATH_MAX];
	struct bpf_map *map;
	int err = 0;

	drop_new(obj, path); /* of a loader that was killed */
	bpf_object__for_each_map(map, obj) {
		if (err || !is_pinnable(map))
			continue;
		pin_path(new, path, bpf_map__name(map), NEW_SUFFIX);
		if (bpf_obj_pin(bpf_map__fd(map), new))
			err = -errno;
	}
	if (!err)
		err = rename_new(obj, path);
	if (!err)
		return 0;
	drop_new(obj, path);
	pr_err("cannot pin the maps in '%s': %s", path, strerror(-err));
	return -ENOEXEC;
}

/* Whether what is pinned at @path is a map that one of the programs uses. */
static bool is_used(const char *path, const unsigned int *prog_ids, int n)
{
	struct maps_info info;
	bool used = false;
	int fd, i;

	fd = bpf_obj_get(path);
	if (fd < 0)
		return false;
	if (!maps_get_info(fd, &info) && info.layout.type)
		for (i = 0; i < n; i++)
			used |= maps_used_by(prog_ids[i], info.id);
	close(fd);
	return used;
}

/* Unlink what is pinned in @folder, or only look for maps that are used. */
static int unlink_pins(const char *folder, const unsigned int *prog_ids, int n, bool *used)
{
	char path[PIN_PATH_MAX];
	struct dirent *entry;
	int err = 0;
	DIR *dir;

	dir = opendir(folder);
	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		pin_path(path, folder, entry->d_name, "");
		if (used)
			*used |= is_used(path, prog_ids, n);
		else if (unlink(path) && errno != EISDIR)
			err = -errno;
	}
	closedir(dir);
	return err;
}

int pinning_remove(const char *path, const unsigned int *prog_ids, int n)
{
	bool used = false;
	int err;

	err = unlink_pins(path, prog_ids, n, &used);
	if (err == -ENOENT || used)
		return 0;
	if (!err)
		err = unlink_pins(path, prog_ids, n, NULL);
	if (!err && rmdir(path) && errno != ENOTEMPTY)
		err = -errno;
	if (!err)
		return 0;
	pr_err("cannot unpin what is in '%s': %s", path, strerror(-err));
	return -ENOEXEC;
}
