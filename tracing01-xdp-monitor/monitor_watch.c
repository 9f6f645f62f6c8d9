// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * --dev: which programs are on the interface, and to which cpumaps these may send. The tracepoints
 * of cpumaps know the map, but not where a packet came from.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "log.h"
#include "maps.h"
#include "monitor.h"

/*
 * Store @id in the map @name. The ids of programs that have gone stay, as their last packets may
 * still be in a queue.
 */
static int watch(const struct monitor *mon, const char *name, __u32 id)
{
	__u32 value = 1;

	if (!bpf_map_update_elem(maps_find(mon->obj, name), &id, &value, BPF_ANY))
		return 0;
	pr_err("cannot store id %u in '%s': %s", id, name, strerror(errno));
	return -ENOEXEC;
}

static bool is_cpumap(unsigned int id)
{
	struct maps_info info = { 0 };
	int fd, err;

	fd = bpf_map_get_fd_by_id(id);
	if (fd < 0)
		return false; /* it has gone */
	err = maps_get_info(fd, &info);
	close(fd);
	return !err && info.layout.type == BPF_MAP_TYPE_CPUMAP;
}

static int watch_cpumaps_of(const struct monitor *mon, unsigned int prog_id)
{
	unsigned int ids[MAPS_OF_PROGRAM_MAX];
	int i, err = 0, count = maps_of_program(prog_id, ids);

	for (i = 0; !err && i < count; i++)
		if (is_cpumap(ids[i]))
			err = watch(mon, "watched_maps", ids[i]);
	return err;
}

/* The slots hold the dispatcher, if there is one: it is the program that events name. */
static int watch_programs(const struct monitor *mon)
{
	struct attach_list list;
	int i, err;

	err = attach_query(&mon->opts.dev, &list);
	if (err)
		return err;
	for (i = 0; !err && i < list.count; i++)
		err = watch_cpumaps_of(mon, list.entry[i].id);
	for (i = 0; !err && i < ATTACH_SLOTS; i++)
		if (mon->watched[i])
			err = watch(mon, "watched_progs", mon->watched[i]);
	return err;
}

int monitor_watch(struct monitor *mon)
{
	const struct netif *dev = &mon->opts.dev;
	unsigned int ids[ATTACH_SLOTS] = { 0 };
	struct netif now;
	int err;

	if (!dev->index)
		return 0;
	if (netif_find(dev->name, &now) || now.index != dev->index) {
		pr_err("interface '%s' is gone", dev->name);
		return -ENODEV;
	}
	err = attach_slots(dev, ids);
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
