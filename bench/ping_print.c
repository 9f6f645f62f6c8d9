// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The results of pings: a table for people, or JSON, one object a line. */
#include <stdio.h>
#include <sys/utsname.h>

#include "ping.h"
#include "log.h"
#include "sock.h"

static void print_row(const struct ping_row *row)
{
	const struct ping_figures *at = &row->median;
	int i;

	printf("%-10s", row->name);
	sock_print_figure(at->mpps, 7, 4);
	sock_print_figure(row->best, 7, 4);
	sock_print_figure(at->avg, 7, 1);
	sock_print_figure(at->p50, 7, 1);
	sock_print_figure(at->p99, 7, 1);
	sock_print_figure(at->max, 7, 0);
	sock_print_figure(at->lost, 5, 0);
	printf("  %s", row->text);
	for (i = 0; i < PING_GOALS && row->goals[i].of; i++)
		printf("; %s %.2f (%.2f)", row->goals[i].of, row->reached[i], row->goals[i].wanted);
	printf("\n");
}

int ping_print_table(const struct ping_bench *bench)
{
	const struct ping_row *row;

	if (!log_shows(LOG_LEVEL_INFO))
		return 0;
	printf("%-10s %7s %7s %7s %7s %7s %7s %5s  what; goals\n", "measure", "Mpps", "best", "avg",
	       "p50", "p99", "max", "lost");
	for (row = bench->rows; row->name; row++)
		if (row->chosen)
			print_row(row);
	for (row = bench->rows; row->name; row++)
		if (row->missing)
			printf("%-10s left out: it is not installed\n", row->name);
	printf("\nMpps: millions of round trips a second, of all rounds the middle one; best: of\n"
	       "the best round. avg, p50, p99, max: round trips, us; one-*: %d requests, one at\n"
	       "a time. lost: requests without an answer, of all rounds together.\n"
	       "goals: times what that row has, or Mpps (to be reached).\n"
	       "%u rounds of %g s, all of it on CPU %d; others used %.0f %% of all CPUs\n"
	       "meanwhile\n",
	       PING_SINGLE, bench->rounds, bench->seconds, bench->cpu, bench->foreign);
	return output_flush();
}

static void json_row(const struct ping_row *row)
{
	const struct ping_figures *at = &row->median;
	int i;

	printf("{");
	print_json_text("measure", row->name);
	print_json_text("text", row->text);
	if (row->missing) {
		printf("\"left_out\": true}\n");
		return;
	}
	print_json_number("pps", true, 1e6 * at->mpps);
	print_json_number("best_pps", true, 1e6 * row->best);
	print_json_number("avg_us", at->avg >= 0, at->avg);
	print_json_number("p50_us", at->p50 >= 0, at->p50);
	print_json_number("p99_us", at->p99 >= 0, at->p99);
	print_json_number("max_us", at->max >= 0, at->max);
	printf("\"requests\": %u, \"lost\": %.0f, \"goals\": [", row->count, at->lost);
	for (i = 0; i < PING_GOALS && row->goals[i].of; i++) {
		printf("%s{", i ? ", " : "");
		print_json_text("of", row->goals[i].of);
		printf("\"goal\": %.3f, \"reached\": %.3f}", row->goals[i].wanted, row->reached[i]);
	}
	printf("]}\n");
}

int ping_print_json(const struct ping_bench *bench)
{
	const struct ping_row *row;
	struct utsname uts = { 0 };

	uname(&uts);
	for (row = bench->rows; row->name; row++)
		if (row->chosen || row->missing)
			json_row(row);
	printf("{");
	print_json_text("kernel", uts.release);
	print_json_number("foreign_percent", true, bench->foreign);
	print_json_number("seconds", true, bench->seconds);
	printf("\"cpu\": %d, \"rounds\": %u}\n", bench->cpu, bench->rounds);
	return output_flush();
}
