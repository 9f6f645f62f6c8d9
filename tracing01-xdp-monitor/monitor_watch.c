// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * --dev: which programs are on the interface, and to which cpumaps these may
 * send. Tracepoints of cpumaps know the map, but not where a packet came from.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "log.h"
#include "maps.h"
#include "monitor.h"

#define PROG_MAPS_MAX 64

/* Store @id in the map @name; those of programs that have gone stay, as their
 * last packets may still be in a queue.
 */
static int watch(const struct monitor *mon, const char *name, __u32 id)
{
	__u32 value = 1;

	if (!bpf_map_update_elem(maps_find(mon->obj, name), &id, &value, BPF_ANY))
		return 0;
	pr_err("cannot store id %u in '%s': %s", id, name, strerror(errno));
	return -ENOEXEC;
}

static int watch_map(const struct monitor *mon, __u32 id)
{
	struct maps_info info = { 0 };
	int fd, err;

	fd = bpf_map_get_fd_by_id(id);
	if (fd < 0)
		return 0; /* it has gone */
	err = maps_get_info(fd, &info);
	close(fd);
	if (err || info.layout.type != BPF_MAP_TYPE_CPUMAP)
		return 0;
	return watch(mon, "watched_maps", id);
}

static int watch_maps_of(const struct monitor *mon, __u32 prog_id)
{
	__u32 ids[PROG_MAPS_MAX] = { 0 };
	struct bpf_prog_info info;
	__u32 len = sizeof(info), i;
	int fd, err = 0;

	fd = bpf_prog_get_fd_by_id(prog_id);
	if (fd < 0)
		return 0; /* it has gone */
	memset(&info, 0, sizeof(info));
	info.nr_map_ids = PROG_MAPS_MAX;
	info.map_ids = (__u64)(unsigned long)ids;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		info.nr_map_ids = 0;
	close(fd);
	for (i = 0; !err && i < info.nr_map_ids && i < PROG_MAPS_MAX; i++)
		err = watch_map(mon, ids[i]);
	return err;
}

/* The slots hold the dispatcher, if there is one: that is what events name. */
static int read_slots(const struct netif *dev, unsigned int *ids)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	int err = bpf_xdp_query(dev->index, 0, &query);

	ids[0] = query.drv_prog_id;
	ids[1] = query.skb_prog_id;
	ids[2] = query.hw_prog_id;
	return err;
}

static int watch_programs(const struct monitor *mon)
{
	struct attach_list list;
	int i, err;

	err = attach_query(&mon->opts.dev, &list);
	if (err)
		return err;
	for (i = 0; !err && i < list.count; i++)
		err = watch_maps_of(mon, list.entry[i].id);
	for (i = 0; !err && i < ATTACH_SLOTS; i++)
		if (mon->watched[i])
			err = watch(mon, "watched_progs", mon->watched[i]);
	return err;
}

int monitor_watch(struct monitor *mon)
{
	const struct netif *dev = &mon->opts.dev;
	unsigned int ids[ATTACH_SLOTS];
	struct netif now;
	int err;

	if (!dev->index)
		return 0;
	if (netif_find(dev->name, &now) || now.index != dev->index) {
		pr_err("interface '%s' is gone", dev->name);
		return -ENODEV;
	}
	err = read_slots(dev, ids);
	if (!err && !memcmp(ids, mon->watched, sizeof(ids)))
		return 0;
	memcpy(mon->watched, ids, sizeof(ids));
	if (!err)
		err = watch_programs(mon);
	if (!err || err == -ENOEXEC)
		return err;
	pr_err("cannot see what is attached to '%s': %s", dev->name, strerror(-err));
	return err == -ENODEV ? err : -EIO;
}
