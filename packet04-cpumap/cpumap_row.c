// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Sums over CPUs, and rates between two records. */
#include <string.h>

#include "cpumap_row.h"
#include "xdp_cpumap.h"

#define BITS_PER_BYTE 8
#define MILLION 1e6

static void set_count(struct cpumap_count *count, unsigned long long now, unsigned long long before,
		      double period)
{
	count->packets += now;
	if (period > 0)
		count->pps += (double)(now - before) / period;
}

/* Where in a record the CPU with this number is; from.count if nowhere. */
static unsigned int place_of(const struct cpus *cpus, unsigned int cpu)
{
	unsigned int i = 0;

	while (i < cpus->count && cpus->cpu[i] != cpu)
		i++;
	return i;
}

static void add_from(const struct cpumap_record *now, const struct cpumap_record *before,
		     unsigned int key, unsigned int from, struct cpumap_row *row)
{
	size_t at = (size_t)key * now->from.count + from;
	double period = now->time - before->time;

	set_count(&row->steered, now->steered[at], before->steered[at], period);
	set_count(&row->overflow, now->overflow[at], before->overflow[at], period);
}

static void add_work(const struct cpumap_record *now, const struct cpumap_record *before,
		     unsigned int key, struct cpumap_row *row)
{
	unsigned int at = place_of(&now->from, key);
	double period = now->time - before->time;
	const struct cpu_work *work, *old;

	if (at == now->from.count)
		return;
	work = &now->work[at];
	old = &before->work[at];
	row->has_work = now->has_prog[key] || work->packets;
	row->bytes = work->bytes;
	set_count(&row->processed, work->packets, old->packets, period);
	set_count(&row->filtered, work->filtered, old->filtered, period);
	if (period > 0)
		row->mbps = (double)(work->bytes - old->bytes) * BITS_PER_BYTE / period / MILLION;
}

bool cpumap_row_from(const struct cpumap_record *now, const struct cpumap_record *before,
		     unsigned int key, unsigned int from, struct cpumap_row *row)
{
	memset(row, 0, sizeof(*row));
	add_from(now, before, key, from, row);
	return row->steered.packets;
}

bool cpumap_row_sum(const struct cpumap_record *now, const struct cpumap_record *before,
		    unsigned int key, struct cpumap_row *row)
{
	unsigned int i;

	memset(row, 0, sizeof(*row));
	for (i = 0; i < now->from.count; i++)
		add_from(now, before, key, i, row);
	add_work(now, before, key, row);
	return now->has_queue[key] || row->steered.packets;
}
