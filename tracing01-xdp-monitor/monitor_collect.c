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
 * A tracepoint that is passed while a program of a tracepoint runs on the same
 * CPU, as an interrupt may do it, is not told. Kernels that count
 * that (5.12; for plain ones 6.7) do so per program.
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

	for (i = MONITOR_KINDS - 1; !err && i >= 0; i--) {
		rec->keys[i] = mon->keys[i];
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
	rec->cpus = &mon->cpus;
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

	for (i = 0; i < MONITOR_KINDS; i++)
		free(rec->count[i]);
	memset(rec, 0, sizeof(*rec));
}

const struct event_count *monitor_count(const struct monitor_record *rec, enum monitor_kind kind,
					unsigned int key, unsigned int place)
{
	return &rec->count[kind][(size_t)key * rec->cpus->count + place];
}

struct event_count monitor_sum(const struct monitor_record *rec, enum monitor_kind kind,
			       unsigned int key)
{
	struct event_count sum = { 0 };
	unsigned int i;

	for (i = 0; i < rec->cpus->count; i++) {
		const struct event_count *count = monitor_count(rec, kind, key, i);

		sum.packets += count->packets;
		sum.drops += count->drops;
		sum.events += count->events;
		sum.info += count->info;
		sum.xdp_pass += count->xdp_pass;
		sum.xdp_drop += count->xdp_drop;
		sum.xdp_redirect += count->xdp_redirect;
	}
	return sum;
}
