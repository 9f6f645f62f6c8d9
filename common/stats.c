// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Reading xdp_stats_map. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "stats.h"

const struct maps_layout stats_layout = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(struct datarec),
	.max_entries = XDP_ACTION_MAX,
};

int stats_collect(int map_fd, struct stats_record *rec)
{
	int cpus = libbpf_num_possible_cpus();
	struct datarec *values;
	int err, action, cpu;

	if (cpus < 0)
		return cpus;
	values = calloc((size_t)(XDP_ACTION_MAX * cpus), sizeof(*values));
	if (!values)
		return -ENOMEM;
	memset(rec, 0, sizeof(*rec));
	rec->time = monotonic_now();
	err = maps_read_percpu(map_fd, XDP_ACTION_MAX, sizeof(*values), values);
	for (action = 0; !err && action < XDP_ACTION_MAX; action++)
		for (cpu = 0; cpu < cpus; cpu++) {
			struct datarec *value = &values[action * cpus + cpu];

			rec->action[action].rx_packets += value->rx_packets;
			rec->action[action].rx_bytes += value->rx_bytes;
		}
	free(values);
	return err;
}

double stats_wait_time(const struct stats_opts *opts, unsigned int reports, double started)
{
	double wait = opts->interval > 0 ? opts->interval : STATS_INTERVAL;
	double left;

	if (opts->count && reports >= opts->count)
		return -1;
	if (!opts->duration)
		return wait;
	left = started + opts->duration - monotonic_now();
	if (left <= 0)
		return -1;
	return left < wait ? left : wait;
}
