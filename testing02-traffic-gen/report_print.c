// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Rows for people, objects for programs. */
#include <stdio.h>
#include <time.h>

#include "json.h"
#include "report_print.h"

#define BITS_PER_BYTE 8
#define MILLION 1e6
#define NS_PER_MS 1000000

struct rates {
	double period, pps, mbps;
};

static struct rates rates_of(const struct gen_opts *opts, const struct report_record *before,
			     const struct report_record *now)
{
	struct rates rates = { .period = now->time - before->time };

	if (rates.period > 0)
		rates.pps = (double)(now->packets - before->packets) / rates.period;
	rates.mbps = rates.pps * opts->size * BITS_PER_BYTE / MILLION;
	return rates;
}

void report_print_row(const struct gen_opts *opts, const struct report_record *before,
		      const struct report_record *now, bool head)
{
	struct rates rates = rates_of(opts, before, now);

	if (head)
		printf("%15s %13s %11s %13s %9s\n", "packets", "pps", "Mbit/s", "dropped",
		       "period");
	printf("%15llu %13.0f %11.3f %13llu %7.2f s\n", now->packets, rates.pps, rates.mbps,
	       now->dropped, rates.period);
}

void report_print_total(const struct gen_opts *opts, const struct report_record *first,
			const struct report_record *now)
{
	struct rates rates = rates_of(opts, first, now);

	printf("sent %llu packets of %u bytes in %.2f s, %.0f a second; %llu dropped by '%s'\n",
	       now->packets, opts->size, rates.period, rates.pps, now->dropped, opts->dev.name);
}

void report_print_json(const struct report *report, const struct report_record *before,
		       const struct report_record *now)
{
	const struct gen_opts *opts = report->sender->opts;
	struct rates rates = rates_of(opts, before ? before : &report->first, now);
	struct timespec clock = { 0 };

	clock_gettime(CLOCK_REALTIME, &clock);
	printf("{\"time\": %lld.%03ld, \"ifname\": ", (long long)clock.tv_sec,
	       clock.tv_nsec / NS_PER_MS);
	json_string(stdout, opts->dev.name);
	printf(", \"via\": \"%s\", \"period\": %.3f, \"packets\": %llu, ",
	       report->sender->socket ? "packet socket" : "live frames", rates.period,
	       now->packets);
	printf("\"bytes\": %llu, \"dropped\": %llu, \"pps\": %.0f, ", now->packets * opts->size,
	       now->dropped, rates.pps);
	printf("\"mbps\": %.3f%s}\n", rates.mbps, before ? "" : ", \"total\": true");
}
