// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The machine: its kernel, privileges, file systems and IPv6. */
#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "doctor.h"

#define MOUNTS "/proc/self/mounts"
#define NET_SETTINGS "/proc/sys/net"
#define IPV6_OFF NET_SETTINGS "/ipv6/conf/all/disable_ipv6"

/* The file systems of BPF, of tracing and of control groups. */
static const struct mount {
	const char *name;
	const char *type;
	long magic;
	const char *where; /* it should be mounted; NULL: anywhere */
	bool wanted; /* to be there before a lesson begins */
	const char *remedy;
} mounts[] = {
	{ "bpffs", "bpf", BPF_FS_MAGIC, "/sys/fs/bpf", false,
	  "nothing: commands mount it as they need it; or sudo mount -t bpf bpf /sys/fs/bpf" },
	{ "tracefs", "tracefs", TRACEFS_MAGIC, "/sys/kernel/tracing", true,
	  "sudo mount -t tracefs tracefs /sys/kernel/tracing" },
	{ "cgroup2", "cgroup2", CGROUP2_SUPER_MAGIC, NULL, true,
	  "sudo mkdir -p /run/cgroup2, then sudo mount -t cgroup2 none /run/cgroup2" },
};

static void examine_kernel(struct doctor *doctor)
{
	struct finding found = { .group = "system", .name = "kernel", .works = 1 };
	struct utsname name;

	if (uname(&name)) {
		found.works = -errno;
		snprintf(found.text, sizeof(found.text), "%s", strerror(errno));
	} else {
		snprintf(found.text, sizeof(found.text), "%s (%s)", name.release, name.machine);
	}
	doctor->report(doctor, &found);
}

/* Labs, programs and packets need some. */
static void examine_privileges(struct doctor *doctor)
{
	struct finding found = {
		.group = "system",
		.name = "privileges",
		.basic = true,
		.must = true,
		.lessons = "all",
		.remedy = "be root: sudo make doctor",
	};
	char lacks[DOCTOR_TEXT_MAX - 32];

	probe_privileges(lacks, sizeof(lacks));
	found.works = !*lacks;
	if (found.works)
		snprintf(found.text, sizeof(found.text), "user %u, with all that is needed",
			 geteuid());
	else
		snprintf(found.text, sizeof(found.text), "user %u lacks %s", geteuid(), lacks);
	doctor->report(doctor, &found);
}

static bool is_mounted(const char *where, long magic)
{
	struct statfs fs;

	return !statfs(where, &fs) && fs.f_type == magic;
}

/*
 * The first place where @mount is mounted. The list of mounts also has those
 * that others hide: they do not count. Returns 0, or -errno without a list.
 */
static int find_mount(const struct mount *mount, char *where, size_t size)
{
	FILE *list = setmntent(MOUNTS, "re");
	struct mntent *entry;

	if (!list)
		return -errno;
	while (!*where && (entry = getmntent(list)) != NULL)
		if (!strcmp(entry->mnt_type, mount->type) &&
		    is_mounted(entry->mnt_dir, mount->magic))
			snprintf(where, size, "%s", entry->mnt_dir);
	endmntent(list);
	return 0;
}

static void examine_mount(struct doctor *doctor, const struct mount *mount)
{
	struct finding found = { .group = "system", .name = mount->name };
	char other[DOCTOR_TEXT_MAX - 64] = "";
	int err = find_mount(mount, other, sizeof(other));
	const char *where = mount->where;

	if (!where && *other)
		where = other;
	found.works = where ? is_mounted(where, mount->magic) : err;
	if (found.works > 0)
		snprintf(found.text, sizeof(found.text), "mounted at '%s'", where);
	else if (found.works < 0)
		snprintf(found.text, sizeof(found.text), "no '%s': %s", MOUNTS, strerror(-err));
	else if (*other)
		snprintf(found.text, sizeof(found.text), "mounted at '%s', but not at '%s'", other,
			 where);
	else
		snprintf(found.text, sizeof(found.text), "not mounted");
	if (mount->wanted)
		lessons_that_run(&doctor->lessons, mount->where ? mount->where : mount->type,
				 found.lessons);
	snprintf(found.remedy, sizeof(found.remedy), "%s", mount->remedy);
	doctor->report(doctor, &found);
}

static void examine_ipv6(struct doctor *doctor)
{
	struct finding found = {
		.group = "system",
		.name = "ipv6",
		.works = 1,
		.lessons = "all",
		.text = "on",
		.remedy = "make labs with --ipv4-only",
	};
	FILE *file = fopen(IPV6_OFF, "re");
	int off = 0;

	if (!file && access(NET_SETTINGS, F_OK)) {
		found.works = -errno;
		strcpy(found.text, "'" NET_SETTINGS "' is not there");
	} else if (!file) {
		found.works = 0;
		strcpy(found.text, "the kernel has none");
	} else if (fscanf(file, "%d", &off) != 1 || off) {
		found.works = 0;
		strcpy(found.text, "switched off (disable_ipv6)");
	}
	if (file)
		fclose(file);
	if (off)
		strcat(found.remedy, "; or sudo sysctl -w net.ipv6.conf.all.disable_ipv6=0");
	doctor->report(doctor, &found);
}

void doctor_system(struct doctor *doctor)
{
	size_t i;

	examine_kernel(doctor);
	examine_privileges(doctor);
	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		examine_mount(doctor, &mounts[i]);
	examine_ipv6(doctor);
}
