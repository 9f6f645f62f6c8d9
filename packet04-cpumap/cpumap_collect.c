// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* All counters at one moment. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "cpumap.h"
#include "log.h"
#include "maps.h"
#include "xdp_cpumap.h"

static int allocate(const struct cpumap *map, struct cpumap_record *rec)
{
	size_t pairs;
	int err;

	memset(rec, 0, sizeof(*rec));
	rec->keys = map->cpus;
	err = cpus_read("possible", &rec->from);
	if (err)
		return err;
	pairs = (size_t)rec->keys * rec->from.count;
	rec->steered = calloc(pairs, sizeof(*rec->steered));
	rec->overflow = calloc(pairs, sizeof(*rec->overflow));
	rec->work = calloc(rec->from.count, sizeof(*rec->work));
	rec->has_queue = calloc(rec->keys, sizeof(*rec->has_queue));
	rec->has_prog = calloc(rec->keys, sizeof(*rec->has_prog));
	if (!rec->steered || !rec->overflow || !rec->work || !rec->has_queue || !rec->has_prog)
		return -ENOMEM;
	return 0;
}

/*
 * Against the direction that packets take: so none is counted at the end of
 * its way and not yet at the beginning.
 */
static int read_all(const struct cpumap *map, struct cpumap_record *rec)
{
	struct bpf_cpumap_val value;
	__u32 cpu;
	int err;

	err = maps_read_percpu(map->work, 1, sizeof(*rec->work), rec->work);
	if (!err)
		err = maps_read_percpu(map->overflow, rec->keys, sizeof(*rec->overflow),
				       rec->overflow);
	if (!err)
		err = maps_read_percpu(map->steered, rec->keys, sizeof(*rec->steered),
				       rec->steered);
	for (cpu = 0; !err && cpu < rec->keys; cpu++) {
		value.bpf_prog.id = 0;
		rec->has_queue[cpu] = !bpf_map_lookup_elem(map->queues, &cpu, &value);
		rec->has_prog[cpu] = value.bpf_prog.id;
	}
	rec->time = monotonic_now();
	return err;
}

int cpumap_collect(const struct cpumap *map, struct cpumap_record *rec)
{
	int err = allocate(map, rec);

	if (!err)
		err = read_all(map, rec);
	if (!err)
		return 0;
	pr_err("cannot read the counters: %s", strerror(-err));
	cpumap_release(rec);
	return -ENOEXEC;
}

void cpumap_release(struct cpumap_record *rec)
{
	free(rec->steered);
	free(rec->overflow);
	free(rec->work);
	free(rec->has_queue);
	free(rec->has_prog);
	memset(rec, 0, sizeof(*rec));
}
