// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* From an interface to the program that runs there, and its pinned maps. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "edit.h"
#include "log.h"
#include "maps.h"
#include "pinning.h"
#include "xdp_redirect.h"

#define PIN_MAX (PATH_MAX + 32)

static const struct maps_layout ports_layout = {
	.type = BPF_MAP_TYPE_DEVMAP_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
};

static const struct maps_layout hosts_layout = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(struct mac_addr),
	.value_size = sizeof(struct mac_addr),
};

static const struct maps_layout results_layout = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = ROUTER_RESULTS,
};

/* What is pinned there under that name, or -ENOEXEC after one error line. */
static int open_map(const char *folder, const char *name, const struct maps_layout *layout)
{
	char path[PIN_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = maps_open_pinned(path, layout);
	if (fd == -ENOENT)
		pr_err("no map is pinned at '%s' (was another --pin-dir given?)", path);
	return fd < 0 ? -ENOEXEC : fd;
}

static bool uses(const struct edit_running *running, int fd)
{
	struct maps_info info;

	return !maps_get_info(fd, &info) && maps_used_by(running->prog.id, info.id);
}

/* The one of @there that uses the map of ports. */
static int find_user(struct edit_running *running, const struct attach_list *there,
		     const struct netif *dev)
{
	int i;

	for (i = 0; i < there->count; i++) {
		running->prog = there->entry[i];
		if (uses(running, running->ports))
			return 0;
	}
	pr_err("cannot edit the maps of '%s' on '%s': it does not use the 'tx_port' that is pinned",
	       there->entry[0].name, dev->name);
	return -ENOEXEC;
}

/* Open a map that the program may use. */
static int open_if_used(const struct edit_running *running, const char *folder, const char *name,
			const struct maps_layout *layout, int *map)
{
	int fd = open_map(folder, name, layout);

	if (fd < 0)
		return fd;
	if (uses(running, fd))
		*map = fd;
	else
		close(fd);
	return 0;
}

static int open_all(struct edit_running *running, const char *folder,
		    const struct attach_list *there, const struct netif *dev)
{
	int err;

	running->ports = open_map(folder, "tx_port", &ports_layout);
	if (running->ports < 0)
		return running->ports;
	err = find_user(running, there, dev);
	if (!err)
		err = open_if_used(running, folder, "redirect_params", &hosts_layout,
				   &running->hosts);
	if (!err)
		err = open_if_used(running, folder, "router_results", &results_layout,
				   &running->results);
	return err;
}

int edit_open(struct edit_running *running, const struct netif *dev, const char *pin_dir)
{
	struct attach_list there = { .count = 0 };
	char folder[PATH_MAX];
	int err;

	memset(running, 0, sizeof(*running));
	running->ports = running->hosts = running->results = -1;
	err = attach_check_privileges("look at the maps of", dev);
	if (!err)
		err = pinning_folder(folder, sizeof(folder), pin_dir, dev);
	if (err)
		return err;
	attach_query(dev, &there);
	if (!there.count) {
		pr_err("no program runs on '%s' (load one: xdp_redirect_user -d %s "
		       "--progname xdp_redirect_map_func)",
		       dev->name, dev->name);
		return -ENOEXEC;
	}
	err = open_all(running, folder, &there, dev);
	if (err)
		edit_close(running);
	return err;
}

void edit_close(struct edit_running *running)
{
	const int fds[] = { running->ports, running->hosts, running->results };
	size_t i;

	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}
