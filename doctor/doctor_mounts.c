// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The file systems of BPF, of tracing and of control groups. */
#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include <linux/magic.h>

#include "doctor.h"

#define MOUNTS "/proc/self/mounts"
#define TRACEFS "/sys/kernel/tracing"

static bool is_mounted(const char *where, long magic)
{
	struct statfs fs;

	return !statfs(where, &fs) && fs.f_type == magic;
}

/*
 * The first place where @type is mounted. The list of mounts also has those
 * that others hide: they do not count. Returns 0, or -errno without a list.
 */
static int find_mount(const char *type, long magic, char *where, size_t size)
{
	FILE *mounts = setmntent(MOUNTS, "re");
	struct mntent *entry;

	if (!mounts)
		return -errno;
	while (!*where && (entry = getmntent(mounts)) != NULL)
		if (!strcmp(entry->mnt_type, type) && is_mounted(entry->mnt_dir, magic))
			snprintf(where, size, "%s", entry->mnt_dir);
	endmntent(mounts);
	return 0;
}

/* A file system, wanted at @where (NULL: anywhere). */
static void look_at_mount(struct doctor *doctor, struct finding *found, const char *type,
			  long magic, const char *where)
{
	char other[DOCTOR_TEXT_MAX - 64] = "";
	int err = find_mount(type, magic, other, sizeof(other));

	if (!where && *other)
		where = other;
	found->works = where ? is_mounted(where, magic) : err;
	if (found->works > 0)
		snprintf(found->text, sizeof(found->text), "mounted at '%s'", where);
	else if (found->works < 0)
		snprintf(found->text, sizeof(found->text), "no '%s': %s", MOUNTS, strerror(-err));
	else if (*other)
		snprintf(found->text, sizeof(found->text), "mounted at '%s', but not at '%s'",
			 other, where);
	else
		snprintf(found->text, sizeof(found->text), "not mounted");
	found->group = "system";
	doctor_report(doctor, found);
}

void doctor_mounts(struct doctor *doctor)
{
	struct finding bpffs = {
		.name = "bpffs",
		.lessons = "basic04-pinning-maps",
		.remedy = "nothing: commands mount it as they need it; or sudo "
			  "mount -t bpf bpf /sys/fs/bpf",
	};
	struct finding tracefs = {
		.name = "tracefs",
		.lessons = "basic02-prog-by-name",
		.remedy = "sudo mount -t tracefs tracefs " TRACEFS,
	};
	struct finding cgroup2 = {
		.name = "cgroup2",
		.lessons = "advanced06-node-proxy",
		.remedy = "sudo mkdir -p /run/cgroup2, then sudo mount -t cgroup2 "
			  "none /run/cgroup2",
	};

	look_at_mount(doctor, &bpffs, "bpf", BPF_FS_MAGIC, "/sys/fs/bpf");
	look_at_mount(doctor, &tracefs, "tracefs", TRACEFS_MAGIC, TRACEFS);
	look_at_mount(doctor, &cgroup2, "cgroup2", CGROUP2_SUPER_MAGIC, NULL);
}
