// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What became of the packets: all counters read at one moment, and reported for
 * each CPU as a table or as JSON.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "clock.h"
#include "cpumap.h"
#include "json.h"
#include "log.h"
#include "maps.h"
#include "signals.h"
#include "xdp_cpumap.h"

#define BITS_PER_BYTE 8
#define MILLION 1e6

/* All counters at one moment. */
struct record {
	double time;
	unsigned int keys; /* CPUs that may get packets: 0 up to this */
	struct cpus from; /* those that may send them: the possible ones */
	unsigned long long *steered, *overflow; /* [key][cpu_index in from] */
	struct cpu_work *work; /* [cpu_index in from] */
	struct bpf_cpumap_val *queue; /* [key]; qsize 0: there is none */
};

static void release(struct record *rec)
{
	free(rec->steered);
	free(rec->overflow);
	free(rec->work);
	free(rec->queue);
	memset(rec, 0, sizeof(*rec));
}

static int allocate(const struct cpumap *map, struct record *rec)
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
	rec->queue = calloc(rec->keys, sizeof(*rec->queue));
	if (!rec->steered || !rec->overflow || !rec->work || !rec->queue)
		return -ENOMEM;
	return 0;
}

/*
 * Against the direction that packets take: so none is counted at the end of
 * its way and not yet at the beginning.
 */
static int read_all(const struct cpumap *map, struct record *rec)
{
	__u32 cpu;
	int err;

	err = maps_read_percpu(map->work, 1, sizeof(*rec->work), rec->work);
	if (!err)
		err = maps_read_percpu(map->overflow, rec->keys, sizeof(*rec->overflow),
				       rec->overflow);
	if (!err)
		err = maps_read_percpu(map->steered, rec->keys, sizeof(*rec->steered),
				       rec->steered);
	if (err)
		return err;
	/* Where there is no queue it stays 0. */
	for (cpu = 0; cpu < rec->keys; cpu++)
		bpf_map_lookup_elem(map->queues, &cpu, &rec->queue[cpu]);
	rec->time = monotonic_now();
	return 0;
}

/* To be released, unless it fails. */
static int collect(const struct cpumap *map, struct record *rec)
{
	int err = allocate(map, rec);

	if (!err)
		err = read_all(map, rec);
	if (!err)
		return 0;
	pr_err("cannot read the counters: %s", strerror(-err));
	release(rec);
	return -ENOEXEC;
}

struct count {
	unsigned long long packets; /* since the program was loaded */
	double pps; /* between the two records */
};

/* From two records to what is printed in a row. */
struct row {
	struct count steered, overflow;
	bool has_work; /* a program counts; the rest is known */
	struct count processed, filtered;
	unsigned long long bytes; /* processed */
	double mbps;
};

static void add_count(struct count *count, unsigned long long now, unsigned long long before,
		      double period)
{
	count->packets += now;
	if (period > 0)
		count->pps += (double)(now - before) / period;
}

static void add_from(const struct record *now, const struct record *before, unsigned int key,
		     unsigned int cpu_index, struct row *row)
{
	size_t at = (size_t)key * now->from.count + cpu_index;
	double period = now->time - before->time;

	add_count(&row->steered, now->steered[at], before->steered[at], period);
	add_count(&row->overflow, now->overflow[at], before->overflow[at], period);
}

static void add_work(const struct record *now, const struct record *before, unsigned int key,
		     struct row *row)
{
	unsigned int cpu_index = cpus_index(&now->from, key);
	double period = now->time - before->time;
	const struct cpu_work *work, *old;

	if (cpu_index == now->from.count)
		return;
	work = &now->work[cpu_index];
	old = &before->work[cpu_index];
	row->has_work = now->queue[key].bpf_prog.id || work->packets;
	row->bytes = work->bytes;
	add_count(&row->processed, work->packets, old->packets, period);
	add_count(&row->filtered, work->filtered, old->filtered, period);
	if (period > 0)
		row->mbps = (double)(work->bytes - old->bytes) * BITS_PER_BYTE / period / MILLION;
}

/* What CPU @key has got from one other. False if that is nothing. */
static bool row_from(const struct record *now, const struct record *before, unsigned int key,
		     unsigned int cpu_index, struct row *row)
{
	memset(row, 0, sizeof(*row));
	add_from(now, before, key, cpu_index, row);
	return row->steered.packets;
}

/* All that it has got, and what its program has done. */
static bool row_sum(const struct record *now, const struct record *before, unsigned int key,
		    struct row *row)
{
	unsigned int i;

	memset(row, 0, sizeof(*row));
	for (i = 0; i < now->from.count; i++)
		add_from(now, before, key, i, row);
	add_work(now, before, key, row);
	return now->queue[key].qsize || row->steered.packets;
}

static void print_number(unsigned long long number, bool known, int width)
{
	char text[STATS_GROUPED_MAX];

	printf(" %*s", width, known ? stats_grouped(number, text) : "-");
}

static void print_row(const char *cpu, const struct row *row, double period)
{
	printf("%-8s", cpu);
	print_number(row->steered.packets, true, 14);
	print_number((unsigned long long)row->steered.pps, true, 12);
	print_number(row->overflow.packets, true, 12);
	print_number(row->processed.packets, row->has_work, 14);
	print_number((unsigned long long)row->processed.pps, row->has_work, 12);
	print_number(row->filtered.packets, row->has_work, 12);
	printf(" %7.2f s\n", period);
}

static void print_table(const struct record *now, const struct record *before)
{
	double period = now->time - before->time;
	unsigned int key, i;
	struct row row;
	char name[32];

	printf("%-8s %14s %12s %12s %14s %12s %12s %9s\n", "cpu", "steered", "pps", "overflow",
	       "processed", "pps", "filtered", "period");
	for (key = 0; key < now->keys; key++) {
		if (!row_sum(now, before, key, &row))
			continue;
		snprintf(name, sizeof(name), "sum:%u", key);
		print_row(name, &row, period);
		for (i = 0; i < now->from.count; i++) {
			if (!row_from(now, before, key, i, &row))
				continue;
			snprintf(name, sizeof(name), "%u:%u", now->from.cpu[i], key);
			print_row(name, &row, period);
		}
	}
	printf("\n");
}

static void open_cpu(struct json *json, unsigned int cpu)
{
	char name[16];

	snprintf(name, sizeof(name), "%u", cpu);
	json_open(json, name, '{');
}

static void print_count(struct json *json, const char *name, const struct count *count)
{
	json_open(json, name, '{');
	json_member(json, "packets", "%llu", count->packets);
	json_member(json, "pps", "%.0f", count->pps);
	json_close(json);
}

static void print_work(struct json *json, const struct row *row)
{
	if (!row->has_work) {
		json_member(json, "processed", "null");
		json_member(json, "filtered", "null");
		return;
	}
	json_open(json, "processed", '{');
	json_member(json, "packets", "%llu", row->processed.packets);
	json_member(json, "bytes", "%llu", row->bytes);
	json_member(json, "pps", "%.0f", row->processed.pps);
	json_member(json, "mbps", "%.3f", row->mbps);
	json_close(json);
	print_count(json, "filtered", &row->filtered);
}

static void print_from(struct json *json, const struct record *now, const struct record *before,
		       unsigned int key)
{
	struct row row;
	unsigned int i;

	json_open(json, "from", '{');
	for (i = 0; i < now->from.count; i++) {
		if (!row_from(now, before, key, i, &row))
			continue;
		open_cpu(json, now->from.cpu[i]);
		print_count(json, "steered", &row.steered);
		print_count(json, "overflow", &row.overflow);
		json_close(json);
	}
	json_close(json);
}

static void print_json(const char *ifname, const struct record *now, const struct record *before)
{
	struct json json = { .out = stdout };
	unsigned int key;
	struct row row;

	stats_json_open(&json, ifname, now->time - before->time);
	json_open(&json, "cpus", '{');
	for (key = 0; key < now->keys; key++) {
		if (!row_sum(now, before, key, &row))
			continue;
		open_cpu(&json, key);
		print_count(&json, "steered", &row.steered);
		print_count(&json, "overflow", &row.overflow);
		print_work(&json, &row);
		print_from(&json, now, before, key);
		json_close(&json);
	}
	json_close(&json);
	json_close(&json);
}

static int report(const struct cpumap *map, const struct stats_opts *opts, const struct netif *dev,
		  struct attach *at, struct record *before)
{
	struct record now;
	int err;

	err = at ? attach_check(at) : 0;
	if (!err)
		err = collect(map, &now);
	if (err)
		return err;
	if (opts->json)
		print_json(dev->name, &now, before);
	else
		print_table(&now, before);
	release(before);
	*before = now;
	return output_flush();
}

/* The polling loop of basic03-map-counter. */
static int poll_counters(const struct cpumap *map, const struct stats_opts *opts,
			 const struct netif *dev, struct attach *at)
{
	struct record before;
	unsigned int reports = 0;
	double wait, started;
	int err;

	err = collect(map, &before);
	if (err)
		return err;
	started = before.time;
	if (at)
		attach_announce(at);
	while (!err) {
		wait = stats_wait_time(opts, reports++, started);
		if (wait < 0 || signals_wait(wait))
			break;
		err = report(map, opts, dev, at, &before);
	}
	release(&before);
	return err;
}

int cpumap_report(const char *folder, const struct stats_opts *opts, const struct netif *dev,
		  struct attach *at)
{
	struct cpumap map;
	int err = cpumap_open(&map, folder);

	if (err)
		return err;
	err = poll_counters(&map, opts, dev, at);
	cpumap_close(&map);
	return err;
}
