// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* All counters at one moment. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "log.h"
#include "maps.h"
#include "monitor.h"

/*
 * The kernel calls no program of a plain tracepoint while another one of a plain tracepoint runs
 * on the same CPU, as in an interrupt. Kernels that count such events (5.12; of plain tracepoints
 * 6.7) do so per program.
 */
static uint64_t read_missed(const struct monitor *mon)
{
	struct bpf_program *prog;
	struct bpf_prog_info info;
	uint64_t missed = 0;
	__u32 len;

	bpf_object__for_each_program(prog, mon->obj) {
		len = sizeof(info);
		memset(&info, 0, sizeof(info));
		if (bpf_program__fd(prog) >= 0 &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &len))
			missed += info.recursion_misses;
	}
	return missed;
}

/* The queue's end before its beginning: nothing is out that is not in. */
static int read_all(const struct monitor *mon, struct monitor_record *rec)
{
	size_t size = sizeof(struct event_count);
	int i, err = 0;

	for (i = EVENTS - 1; !err && i >= 0; i--) {
		if (!monitor_events[i].map)
			continue;
		rec->count[i] = calloc((size_t)mon->keys[i] * mon->cpus.count, size);
		if (!rec->count[i])
			return -ENOMEM;
		err = maps_read_percpu(mon->map_fd[i], mon->keys[i], size, rec->count[i]);
	}
	rec->missed = read_missed(mon);
	rec->time = monotonic_now();
	return err;
}

int monitor_collect(const struct monitor *mon, struct monitor_record *rec)
{
	int err;

	memset(rec, 0, sizeof(*rec));
	rec->mon = mon;
	err = read_all(mon, rec);
	if (!err)
		return 0;
	pr_err("cannot read the counters: %s", strerror(-err));
	monitor_release(rec);
	return -ENOEXEC;
}

void monitor_release(struct monitor_record *rec)
{
	int i;

	for (i = 0; i < EVENTS; i++)
		free(rec->count[i]);
	memset(rec, 0, sizeof(*rec));
}

const struct event_count *monitor_count(const struct monitor_record *rec, enum event event,
					unsigned int key, unsigned int cpu_index)
{
	return &rec->count[event][(size_t)key * rec->mon->cpus.count + cpu_index];
}

struct event_count monitor_sum(const struct monitor_record *rec, enum event event, unsigned int key)
{
	struct event_count sum = { 0 };
	unsigned int i;

	for (i = 0; i < rec->mon->cpus.count; i++)
		event_count_add(&sum, monitor_count(rec, event, key, i), 1);
	return sum;
}
