/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* lab_prog: what a loaded program is called, and what a dispatcher calls. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "lab.h"

#define DISPATCHER "xdp_dispatcher"
#define DISPATCHER_DIR "/sys/fs/bpf/xdp/dispatch-%d-%u"

/* The kernel keeps 15 letters of a name; the program's BTF has all of it. */
static int full_name(int fd, char *name, size_t size)
{
	struct bpf_func_info func = {};
	struct bpf_prog_info info = {
		.nr_func_info = 1,
		.func_info_rec_size = sizeof(func),
		.func_info = (unsigned long)&func,
	};
	__u32 len = sizeof(info);
	const struct btf_type *type;
	const char *found = NULL;
	struct btf *btf;

	if (bpf_obj_get_info_by_fd(fd, &info, &len) || !info.nr_func_info)
		return -ENOENT;
	btf = btf__load_from_kernel_by_id(info.btf_id);
	if (!btf)
		return -ENOENT;
	type = btf__type_by_id(btf, func.type_id);
	if (type)
		found = btf__name_by_offset(btf, type->name_off);
	if (found)
		snprintf(name, size, "%s", found);
	btf__free(btf);
	return found && *name ? 0 : -ENOENT;
}

int lab_prog_name(int fd, char *name, size_t size)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	if (!full_name(fd, name, size))
		return 0;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	snprintf(name, size, "%s", info.name[0] ? info.name : "-");
	return 0;
}

static int print_pinned(const char *dir, const char *file)
{
	char path[512], name[256];
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	int fd, err;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return -errno;
	err = bpf_obj_get_info_by_fd(fd, &info, &len);
	if (!err)
		err = lab_prog_name(fd, name, sizeof(name));
	if (!err)
		printf("dispatched %u %s\n", info.id, name);
	close(fd);
	return err;
}

/* libxdp pins the programs behind a dispatcher as progN-prog. */
static void print_dispatched(int ifindex, __u32 id)
{
	struct dirent **files;
	char dir[128];
	int i, n;

	snprintf(dir, sizeof(dir), DISPATCHER_DIR, ifindex, id);
	n = scandir(dir, &files, NULL, alphasort);
	for (i = 0; i < n; i++) {
		char *dash = strrchr(files[i]->d_name, '-');

		/* one that vanished meanwhile is not there any more */
		if (dash && !strcmp(dash, "-prog"))
			print_pinned(dir, files[i]->d_name);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
}

int lab_prog_print(const char *mode, int ifindex, __u32 id)
{
	char name[256];
	int fd, err;

	fd = bpf_prog_get_fd_by_id(id);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	err = lab_prog_name(fd, name, sizeof(name));
	close(fd);
	if (err)
		return err;
	printf("%s %u %s\n", mode, id, name);
	if (!strcmp(name, DISPATCHER))
		print_dispatched(ifindex, id);
	return 0;
}
