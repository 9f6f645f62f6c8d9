/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the files of xdp_cpumap_user have from one another. Functions print one
 * error line before they return an error, which attach_status() turns into an
 * exit status.
 */
#ifndef CPUMAP_H
#define CPUMAP_H

#include <stdbool.h>

#include "attach.h"
#include "cpus.h"
#include "stats.h"

/* The options about CPUs. */
struct cpumap_opts {
	const char *cpus; /* a list; "all", or NULL: all that are online */
	unsigned int qsize; /* packets that a queue holds; 0: the default */
	bool no_cpu_prog; /* no program on the CPUs that get packets */
	unsigned int drop_port; /* what goes there is dropped; 0: nothing */
};

#define QSIZE_DEFAULT 2048
#define QSIZE_MAX 16384 /* the kernel's own limit */

/* The pinned maps of a running program: file descriptors, or -1. */
struct cpumap {
	int queues, buckets, steered, work, overflow;
	unsigned int cpus; /* the keys of queues, steered and overflow */
};

/* A queue that is to be made. */
struct cpumap_queue {
	unsigned int qsize; /* packets */
	int prog_fd; /* the program behind it, or -1 */
	bool keep_old; /* where there is a queue it stays as it is */
};

/* cpumap.c: the CPUs that --cpus names, which all must be online. */
int cpumap_choose(const struct cpumap_opts *opts, struct cpus *cpus);

/* Open the maps that are pinned in @folder, to be closed unless it fails. */
int cpumap_open(struct cpumap *map, const char *folder);
void cpumap_close(struct cpumap *map);

/* Have packets go to @cpus and nowhere else, through queues like @like. */
int cpumap_spread(const struct cpumap *map, const struct cpus *cpus,
		  const struct cpumap_queue *like);

/*
 * cpumap_report.c: report what is pinned in @folder until @opts or a signal
 * ends it; with @at as long as its program is attached.
 */
int cpumap_report(const char *folder, const struct stats_opts *opts, const struct netif *dev,
		  struct attach *at);

/*
 * cpumap_commands.c: stats, list and set, for the program whose maps are pinned
 * in @folder.
 */
int cpumap_command(const struct cpumap_opts *opts, const struct stats_opts *stats,
		   const struct netif *dev, const char *folder, int argc, char **argv);

#endif /* CPUMAP_H */
