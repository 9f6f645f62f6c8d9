// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The tracepoint that tells what queues do not take, attached and pinned. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "cpumap.h"
#include "log.h"
#include "maps.h"
#include "pinning.h"
#include "probe/probe.h"
#include "rodata.h"

#define OBJECT "cpumap_overflow_kern.o"
#define PROG_NAME "trace_cpumap_enqueue"

/* Open the object, and have it be about the map with this id. */
static int prepare(struct bpf_object **obj, unsigned int id, unsigned int cpus)
{
	char path[PATH_MAX];
	struct bpf_map *map;

	if (attach_find_file(OBJECT, path, sizeof(path)))
		return -ENOEXEC;
	*obj = bpf_object__open_file(path, NULL);
	map = *obj ? bpf_object__find_map_by_name(*obj, "cpu_overflow") : NULL;
	if (!map || bpf_map__set_max_entries(map, cpus)) {
		pr_err("cannot open '%s' as a BPF object file with a map 'cpu_overflow'", path);
		return -ENOEXEC;
	}
	return rodata_set(*obj, "cpu_map_id", &id, sizeof(id));
}

static int load(struct bpf_object *obj)
{
	int err = probe_explain("cpumap", bpf_object__load(obj));

	if (!err || err == PROBE_UNSUPPORTED)
		return err;
	pr_err("cannot load '" OBJECT "': %s", strerror(-err));
	log_rejection(PROG_NAME);
	return -ENOEXEC;
}

void cpumap_overflow_stop(const char *folder)
{
	char pin[PATH_MAX + sizeof("/" PROG_NAME)];

	snprintf(pin, sizeof(pin), "%s/" PROG_NAME, folder);
	unlink(pin); /* perhaps there is none */
}

void cpumap_overflow_unload(const char *folder, const struct netif *dev)
{
	char path[PATH_MAX + sizeof("/cpu_map")];
	struct attach_list left = { .count = 0 };
	struct maps_info info = { 0 };
	bool used = false;
	int fd, i;

	snprintf(path, sizeof(path), "%s/cpu_map", folder);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return;
	if (!maps_get_info(fd, &info) && !attach_query(dev, &left))
		for (i = 0; i < left.count; i++)
			used |= maps_used_by(left.entry[i].id, info.id);
	close(fd);
	if (!used)
		cpumap_overflow_stop(folder);
}

/*
 * Tracing ends with its link, and a link with its last holder: a pin under a
 * name, as in basic04-pinning-maps. One of an earlier run goes.
 */
static int attach(struct bpf_object *obj, const char *folder)
{
	char pin[PATH_MAX + sizeof("/" PROG_NAME)];
	struct bpf_link *link;
	int err;

	link = bpf_program__attach(bpf_object__find_program_by_name(obj, PROG_NAME));
	if (!link) {
		err = probe_explain("cpumap", -errno);
		if (err == PROBE_UNSUPPORTED)
			return err;
		pr_err("cannot attach '" PROG_NAME "': %s", strerror(-err));
		return -ENOEXEC;
	}
	snprintf(pin, sizeof(pin), "%s/" PROG_NAME, folder);
	cpumap_overflow_stop(folder);
	err = bpf_link__pin(link, pin);
	if (err)
		pr_err("cannot pin '%s': %s", pin, strerror(-err));
	bpf_link__destroy(link);
	return err ? -ENOEXEC : 0;
}

int cpumap_overflow_start(unsigned int cpu_map_id, unsigned int cpus, const char *folder,
			  bool reuse)
{
	struct bpf_object *obj = NULL;
	int err;

	err = prepare(&obj, cpu_map_id, cpus);
	if (!err && reuse)
		err = pinning_reuse_maps(obj, folder);
	if (!err)
		err = load(obj);
	if (!err)
		err = pinning_pin_maps(obj, folder);
	if (!err)
		err = attach(obj, folder);
	bpf_object__close(obj);
	return err;
}
