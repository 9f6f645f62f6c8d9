// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What holds a map and a program, step by step. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "holders.h"
#include "maps.h"
#include "outlive.h"
#include "pinning.h"

/* The kernel frees objects a little later: how long to wait for that. */
#define WAIT_STEPS 200
#define WAIT_STEP_NS 10000000L

/* Whether an id still has its object; if not wanted, it may need a moment. */
static bool exists(int (*get_fd)(__u32), unsigned int id, bool wanted)
{
	const struct timespec step = { .tv_nsec = WAIT_STEP_NS };
	int fd, i;

	for (i = 0; i < WAIT_STEPS; i++) {
		fd = get_fd(id);
		if (fd < 0)
			return false;
		close(fd);
		if (wanted)
			return true;
		nanosleep(&step, NULL);
	}
	return true;
}

static void show(const char *step, const char *holders, bool alive)
{
	printf("  %-32s %-24s %s\n", step, holders, alive ? "yes" : "no");
}

int holders_of_map(void)
{
	char path[64];
	struct maps_info info;
	int fd, err;

	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "lifetime", 4, 4, 1, NULL);
	err = fd < 0 ? fd : maps_get_info(fd, &info);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/xdp_lifetime_%d", PINNING_BPFFS, (int)getpid());
	printf("a map, when                        is held by               and exists\n");
	show("it was created", "descriptor", exists(bpf_map_get_fd_by_id, info.id, true));
	if (bpf_obj_pin(fd, path)) {
		err = -errno;
		close(fd);
		return err;
	}
	show("it was pinned", "descriptor, pin", exists(bpf_map_get_fd_by_id, info.id, true));
	close(fd);
	show("the descriptor was closed", "pin", exists(bpf_map_get_fd_by_id, info.id, true));
	unlink(path);
	show("the pin was unlinked", "nobody", exists(bpf_map_get_fd_by_id, info.id, false));
	return 0;
}

unsigned int holders_prog_id(int fd)
{
	struct bpf_prog_info info;
	__u32 len = sizeof(info);

	memset(&info, 0, sizeof(info));
	return bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.id;
}

int holders_of_prog(const struct netif *dev)
{
	unsigned int id;
	int fd, err;

	fd = outlive_load(BPF_PROG_TYPE_XDP, XDP_PASS);
	if (fd < 0)
		return fd;
	id = holders_prog_id(fd);
	printf("a program, when\n");
	show("it was loaded", "descriptor", exists(bpf_prog_get_fd_by_id, id, true));
	err = bpf_xdp_attach(dev->index, fd, 0, NULL);
	if (!err)
		show("it was attached", "descriptor, interface",
		     exists(bpf_prog_get_fd_by_id, id, true));
	close(fd);
	if (err)
		return err;
	show("the descriptor was closed", "interface", exists(bpf_prog_get_fd_by_id, id, true));
	bpf_xdp_detach(dev->index, 0, NULL);
	show("it was detached", "nobody", exists(bpf_prog_get_fd_by_id, id, false));
	return 0;
}

bool holders_prog_is_gone(unsigned int id)
{
	return !exists(bpf_prog_get_fd_by_id, id, false);
}
