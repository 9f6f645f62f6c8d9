// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What outlive.c needs to attach to: a clsact qdisc and a cgroup. */
#include <limits.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "outlive.h"

char outlive_cgroup[PATH_MAX];
static bool made_clsact;

/* A cgroup of our own in the unified hierarchy; "" where there is none. */
static void make_cgroup(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *mount;

	while (mounts && !*outlive_cgroup && (mount = getmntent(mounts))) {
		if (strcmp(mount->mnt_type, "cgroup2"))
			continue;
		snprintf(outlive_cgroup, sizeof(outlive_cgroup), "%s/xdp-lifetime-%d",
			 mount->mnt_dir, (int)getpid());
		if (mkdir(outlive_cgroup, 0755))
			*outlive_cgroup = '\0';
	}
	if (mounts)
		endmntent(mounts);
}

void outlive_prepare(const struct netif *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = dev->index, .attach_point = BPF_TC_INGRESS);

	made_clsact = !bpf_tc_hook_create(&hook);
	make_cgroup();
}

void outlive_finish(const struct netif *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = dev->index,
		    .attach_point = (enum bpf_tc_attach_point)(BPF_TC_INGRESS | BPF_TC_EGRESS));

	if (made_clsact)
		bpf_tc_hook_destroy(&hook);
	/* Its program goes with it. */
	if (*outlive_cgroup)
		rmdir(outlive_cgroup);
}
