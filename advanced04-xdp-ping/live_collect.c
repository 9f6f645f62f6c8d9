// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What the live engine's programs have counted, from all CPUs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "live_loop.h"
#include "log.h"
#include "maps.h"
#include "rules.h"
#include "stats.h"

static int collect_counts(struct ping *ping, int fd, unsigned int cpus)
{
	struct ping_counts *values = calloc((size_t)ping->n_asked * cpus, sizeof(*values));
	unsigned int i, cpu;
	int err = -ENOMEM;

	if (values)
		err = maps_read_percpu(fd, ping->n_asked, sizeof(*values), values);
	for (i = 0; !err && i < ping->n_asked; i++) {
		memset(&ping->asked[i]->counts, 0, sizeof(*values));
		for (cpu = 0; cpu < cpus; cpu++)
			ping_add_counts(&ping->asked[i]->counts, &values[i * cpus + cpu]);
	}
	free(values);
	return err;
}

static int collect_hist(struct ping *ping, int fd, unsigned int cpus)
{
	struct ping_hist *values = calloc(cpus, sizeof(*values));
	unsigned int cpu, i;
	int err = -ENOMEM;

	if (values)
		err = maps_read_percpu(fd, 1, sizeof(*values), values);
	if (!err)
		memset(&ping->hist, 0, sizeof(ping->hist));
	for (cpu = 0; !err && cpu < cpus; cpu++)
		for (i = 0; i < HIST_BUCKETS; i++)
			ping->hist.bucket[i] += values[cpu].bucket[i];
	free(values);
	return err;
}

/* Each in turn: so many for each, and one more for the first ones. */
static void share_sent(struct ping *ping)
{
	unsigned int i;

	for (i = 0; i < ping->n_asked; i++)
		ping->asked[i]->sent = ping->sent / ping->n_asked +
				       (i < ping->sent % ping->n_asked);
}

int live_collect(struct live_run *run)
{
	int counts = maps_find(run->at.obj, "ping_count_map");
	int hist = maps_find(run->at.obj, "ping_hist_map");
	int cpus = libbpf_num_possible_cpus(), err = -ENOEXEC;

	if (counts < 0 || hist < 0 || cpus < 0)
		return err;
	run->ping->sent = __atomic_load_n(&run->state->sent, __ATOMIC_ACQUIRE);
	run->ping->last = monotonic_now();
	share_sent(run->ping);
	err = collect_counts(run->ping, counts, (unsigned int)cpus);
	if (!err)
		err = collect_hist(run->ping, hist, (unsigned int)cpus);
	if (!err)
		rules_collect(run->ping, run->at.obj);
	else
		pr_err("cannot read the counters: %s", strerror(-err));
	return err;
}
