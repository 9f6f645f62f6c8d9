/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The parts of xdp_cpumap_user: which CPUs get packets, and what became of
 * those. All functions print one error line before they return an error, which
 * attach_status() turns into an exit status.
 */
#ifndef CPUMAP_H
#define CPUMAP_H

#include <stdbool.h>

#include "attach.h"
#include "cpus.h"
#include "stats.h"

/* What the options say about CPUs. */
struct cpumap_opts {
	const char *cpus; /* a list; "all", or NULL: all that are online */
	unsigned int qsize; /* packets that a queue holds; 0: the default */
	bool no_cpu_prog; /* no program on the CPUs that get packets */
	unsigned int drop_port; /* what goes there is dropped; 0: nothing */
};

#define QSIZE_DEFAULT 2048
#define QSIZE_MAX 16384 /* the kernel's own limit */

/* The pinned maps of a running program; the descriptors are ours to close. */
struct cpumap {
	int queues, buckets, steered, work, overflow;
	unsigned int cpus; /* the keys of queues, steered and overflow */
};

/* cpumap_load.c: the CPUs that --cpus names, all of them online. */
int cpumap_choose(const struct cpumap_opts *opts, struct cpus *cpus);

/*
 * cpumap_load.c: before loading, have the maps of @at's object be as large as
 * the machine wants, and choose what is loaded. After loading and pinning in
 * @folder, count what overflows, and let packets go to @cpus.
 */
int cpumap_prepare(struct attach *at, const struct cpumap_opts *opts);
int cpumap_start(struct attach *at, const struct cpumap_opts *opts, const char *folder, bool reuse,
		 const struct cpus *cpus);

/*
 * cpumap_overflow.c: count what queues do not take in a map, and pin map and
 * tracepoint in @folder; they stay until they are unpinned. With @reuse the map
 * is the one that is pinned there.
 */
int cpumap_overflow_start(unsigned int cpu_map_id, unsigned int cpus, const char *folder,
			  bool reuse);
/*
 * Unpin the tracepoint, which ends it; the second one only if no program on
 * @dev uses the cpumap that is pinned there.
 */
void cpumap_overflow_stop(const char *folder);
void cpumap_overflow_unload(const char *folder, const struct netif *dev);

/* cpumap_open.c: the maps that are pinned in @folder. */
int cpumap_open(struct cpumap *map, const char *folder);
void cpumap_close(struct cpumap *map);

/* A queue that is to be made. */
struct cpumap_queue {
	unsigned int qsize; /* packets */
	int prog_fd; /* the program behind it, or -1 */
	bool keep_old; /* where there is a queue it stays as it is */
};

/*
 * cpumap_spread.c: have packets go to @cpus and nowhere else, through queues
 * like @like.
 */
int cpumap_spread(const struct cpumap *map, const struct cpus *cpus,
		  const struct cpumap_queue *like);

/*
 * cpumap_word.c: do what the words say about the program whose maps are pinned
 * in @folder: report its counters, list its CPUs, or have it go to others.
 */
int cpumap_word(const struct cpumap_opts *opts, const struct stats_opts *stats,
		const struct netif *dev, const char *folder, int argc, char **argv);

/* All counters at one moment. */
struct cpumap_record {
	double time;
	unsigned int keys; /* CPUs that may get packets: 0 up to this */
	struct cpus from; /* those that may send them: the possible ones */
	unsigned long long *steered, *overflow; /* [key][place in from] */
	struct cpu_work *work; /* [place in from] */
	bool *has_queue, *has_prog; /* [key] */
};

/* cpumap_collect.c: read all counters; to be released, unless it fails. */
int cpumap_collect(const struct cpumap *map, struct cpumap_record *rec);
void cpumap_release(struct cpumap_record *rec);

/* cpumap_print.c: as a table or as JSON. */
int cpumap_print(const struct stats_opts *opts, const char *ifname, const struct cpumap_record *now,
		 const struct cpumap_record *before);

/*
 * cpumap_report.c: report what is pinned in @folder until @opts or a signal
 * says to end; with @at as long as its program is attached.
 */
int cpumap_report(const char *folder, const struct stats_opts *opts, const struct netif *dev,
		  struct attach *at);

#endif /* CPUMAP_H */
