// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The counters of each CPU that gets packets: a table, or JSON. */
#include <stdio.h>

#include "cpumap.h"
#include "cpumap_row.h"
#include "log.h"

static void print_number(unsigned long long number, bool known, int width)
{
	char text[STATS_GROUPED_MAX];

	printf(" %*s", width, known ? stats_grouped(number, text) : "-");
}

static void print_row(const char *cpu, const struct cpumap_row *row, double period)
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

static void print_table(const struct cpumap_record *now, const struct cpumap_record *before)
{
	double period = now->time - before->time;
	struct cpumap_row row;
	unsigned int key, i;
	char name[32];

	printf("%-8s %14s %12s %12s %14s %12s %12s %9s\n", "cpu", "steered", "pps", "overflow",
	       "processed", "pps", "filtered", "period");
	for (key = 0; key < now->keys; key++) {
		if (!cpumap_row_sum(now, before, key, &row))
			continue;
		snprintf(name, sizeof(name), "sum:%u", key);
		print_row(name, &row, period);
		for (i = 0; i < now->from.count; i++) {
			if (!cpumap_row_from(now, before, key, i, &row))
				continue;
			snprintf(name, sizeof(name), "%u:%u", now->from.cpu[i], key);
			print_row(name, &row, period);
		}
	}
	printf("\n");
}

static void print_count(const char *name, const struct cpumap_count *count)
{
	printf("\"%s\": {\"packets\": %llu, \"pps\": %.0f}", name, count->packets, count->pps);
}

static void print_from(const struct cpumap_record *now, const struct cpumap_record *before,
		       unsigned int key)
{
	const char *comma = "";
	struct cpumap_row row;
	unsigned int i;
	char name[32];

	printf(", \"from\": {");
	for (i = 0; i < now->from.count; i++) {
		if (!cpumap_row_from(now, before, key, i, &row))
			continue;
		snprintf(name, sizeof(name), "%u", now->from.cpu[i]);
		printf("%s\"%s\": {", comma, name);
		print_count("steered", &row.steered);
		printf(", ");
		print_count("overflow", &row.overflow);
		printf("}");
		comma = ", ";
	}
	printf("}}");
}

static void print_json(const char *ifname, const struct cpumap_record *now,
		       const struct cpumap_record *before)
{
	const char *comma = "";
	struct cpumap_row row;
	unsigned int key;

	stats_json_begin(ifname, now->time - before->time);
	printf("\"cpus\": {");
	for (key = 0; key < now->keys; key++) {
		if (!cpumap_row_sum(now, before, key, &row))
			continue;
		printf("%s\"%u\": {", comma, key);
		print_count("steered", &row.steered);
		printf(", ");
		print_count("overflow", &row.overflow);
		if (row.has_work) {
			printf(", \"processed\": {\"packets\": %llu, \"bytes\": %llu, ",
			       row.processed.packets, row.bytes);
			printf("\"pps\": %.0f, \"mbps\": %.3f}, ", row.processed.pps, row.mbps);
			print_count("filtered", &row.filtered);
		} else {
			printf(", \"processed\": null, \"filtered\": null");
		}
		print_from(now, before, key);
		comma = ", ";
	}
	printf("}}\n");
}

int cpumap_print(const struct stats_opts *opts, const char *ifname, const struct cpumap_record *now,
		 const struct cpumap_record *before)
{
	if (opts->json)
		print_json(ifname, now, before);
	else
		print_table(now, before);
	return output_flush();
}
