// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The ways side by side: a table, or JSON. */
#include <stdio.h>
#include <time.h>

#include "log.h"
#include "measure.h"

#define KIB 1024
#define NS_PER_US 1000
#define NS_PER_MS 1000000
#define PERCENT 100

static double cpu_share(const struct measured *got)
{
	return got->seconds > 0 ? got->cpu / got->seconds * PERCENT : 0;
}

static double latency(const struct tally *tally)
{
	return tally->measured ? tally->ns / (double)tally->measured / NS_PER_US : 0;
}

static void print_row(const struct measured *got, bool first)
{
	if (first)
		printf("%-13s %9s %9s %9s %8s %8s %6s %6s %9s\n", "way", "events", "lost",
		       "disorder", "wakeups", "memory", "CPU", "ns", "latency");
	printf("%-13s %9llu %9llu %9llu %8llu %4llu KiB %4.1f %% %6.0f %6.0f us\n", got->way->name,
	       (unsigned long long)got->counts.produced, (unsigned long long)got->counts.lost,
	       got->tally.out_of_order, got->wakeups, got->memory / KIB, cpu_share(got),
	       got->load.ns, latency(&got->tally));
}

static void print_json(const struct measured *got)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	printf("{\"time\": %lld.%03ld, \"way\": \"%s\", \"program\": \"%s\", ",
	       (long long)now.tv_sec, now.tv_nsec / NS_PER_MS, got->way->name, got->way->prog);
	printf("\"period\": %.3f, \"cpus\": %u, \"packets\": %llu, ", got->seconds, got->cpus,
	       got->load.events);
	printf("\"events\": %llu, \"received\": %llu, \"lost\": %llu, ",
	       (unsigned long long)got->counts.produced, got->tally.received,
	       (unsigned long long)got->counts.lost);
	printf("\"out_of_order\": %llu, \"wakeups\": %llu, \"memory\": %llu, ",
	       got->tally.out_of_order, got->wakeups, got->memory);
	printf("\"cpu\": %.2f, \"ns\": %.0f, \"latency\": %.1f}\n", cpu_share(got), got->load.ns,
	       latency(&got->tally));
}

int measure_print(const struct measured *got, const struct events_opts *opts, bool first)
{
	if (opts->json)
		print_json(got);
	else
		print_row(got, first);
	return output_flush();
}
