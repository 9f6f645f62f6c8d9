// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Counters of all queues: those of the threads, the sockets and the program. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "log.h"
#include "maps.h"
#include "report.h"

/* The sums over all CPUs. */
static int read_queues(const struct group *group, struct queue_rec *queues)
{
	unsigned int cpus = (unsigned int)libbpf_num_possible_cpus(), q, cpu;
	struct queue_rec *values;
	int err;

	values = calloc((size_t)group->queues * cpus, sizeof(*values));
	if (!values)
		return -ENOMEM;
	err = maps_read_percpu(group->queue_map, group->queues, sizeof(*values), values);
	for (q = 0; !err && q < group->queues; q++)
		for (cpu = 0; cpu < cpus; cpu++) {
			queues[q].seen += values[q * cpus + cpu].seen;
			queues[q].steered += values[q * cpus + cpu].steered;
		}
	free(values);
	return err;
}

int report_collect(struct group *group, struct record *rec)
{
	unsigned int i;
	int err;

	rec->died = 0;
	rec->worker = calloc(group->count, sizeof(*rec->worker));
	rec->queue = calloc(group->queues, sizeof(*rec->queue));
	rec->time = monotonic_now();
	if (!rec->worker || !rec->queue) {
		pr_err("cannot get memory for counters");
		report_free(rec);
		return -ENOMEM;
	}
	for (i = 0; i < group->count; i++) {
		err = worker_read(&group->workers[i], &rec->worker[i]);
		rec->died = err ? err : rec->died;
	}
	err = read_queues(group, rec->queue);
	if (!err)
		return 0;
	pr_err("cannot read 'xdp_queue_map': %s", strerror(-err));
	report_free(rec);
	return -ENOEXEC;
}

void report_free(struct record *rec)
{
	free(rec->worker);
	free(rec->queue);
	*rec = (struct record){ 0 };
}
