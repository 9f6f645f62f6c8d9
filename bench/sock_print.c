// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The results of AF_XDP: a table for people, or JSON, one object a line. */
#include <stdio.h>
#include <sys/utsname.h>

#include "sock.h"
#include "log.h"

void sock_print_figure(double value, int width, int digits)
{
	if (value >= 0)
		printf(" %*.*f", width, digits, value);
	else
		printf(" %*s", width, "-");
}

static void print_row(const struct sock_row *row)
{
	const struct sock_figures *at = &row->median;
	int i;

	printf("%-12s", row->name);
	sock_print_figure(at->mpps, 6, 2);
	sock_print_figure(at->cpu, 5, 0);
	sock_print_figure(at->p50, 6, 1);
	sock_print_figure(at->p99, 6, 1);
	sock_print_figure(at->max, 7, 0);
	sock_print_figure(row->best, 7, 2);
	sock_print_figure(at->lost, 5, 1);
	sock_print_figure(at->left, 5, 0);
	for (i = 0; i < SOCK_GOALS && row->goals[i].of; i++)
		printf("%s%s %.2f (%.2f)", i ? ", " : "  ", row->goals[i].of, row->reached[i],
		       row->goals[i].wanted);
	printf("\n");
}

int sock_print_table(const struct sock_bench *bench)
{
	const struct rates *rates = &bench->rates;
	const struct sock_row *row;

	if (!log_shows(LOG_LEVEL_INFO))
		return 0;
	printf("%-12s %6s %5s %6s %6s %7s %7s %5s %5s  goals\n", "measure", "Mpps", "CPU%", "p50",
	       "p99", "max", "best", "lost%", "left");
	for (row = bench->rows; row->name; row++)
		if (row->chosen)
			print_row(row);
	printf("\nMpps: %d-byte frames received, or answers that are back. CPU%%: of one CPU, by\n"
	       "af_xdp_user (cpu-*: at %d frames a second). p50, p99, max: round\n"
	       "trips of single requests, us. best: round, of what the row is about. lost%%:\n"
	       "came in and did not get into the socket. left: taken in and not answered.\n"
	       "goals: times what that row has, or a figure itself (to be reached).\n"
	       "%u rounds of %g s, frames from CPU %d, af_xdp_user on CPU %d; others used\n"
	       "%.0f %% of all CPUs meanwhile\n",
	       RATE_FRAME_LEN, SOCK_CPU_PPS, rates->rounds, rates->seconds, rates->lab.cpu,
	       rates->lab.other_cpu, rates->foreign);
	return output_flush();
}

static void json_row(const struct sock_row *row)
{
	const struct sock_figures *at = &row->median;
	int i;

	printf("{");
	print_json_text("measure", row->name);
	print_json_text("text", row->text);
	print_json_number("mpps", at->mpps >= 0, at->mpps);
	print_json_number("cpu_percent", at->cpu >= 0, at->cpu);
	print_json_number("p50_us", at->p50 >= 0, at->p50);
	print_json_number("p99_us", at->p99 >= 0, at->p99);
	print_json_number("max_us", at->max >= 0, at->max);
	print_json_number("best", row->best >= 0, row->best);
	print_json_number("lost_percent", at->lost >= 0, at->lost);
	print_json_number("unanswered", at->left >= 0, at->left);
	printf("\"goals\": [");
	for (i = 0; i < SOCK_GOALS && row->goals[i].of; i++) {
		printf("%s{", i ? ", " : "");
		print_json_text("of", row->goals[i].of);
		printf("\"goal\": %.3f, \"reached\": %.3f}", row->goals[i].wanted, row->reached[i]);
	}
	printf("]}\n");
}

int sock_print_json(const struct sock_bench *bench)
{
	const struct rates *rates = &bench->rates;
	const struct sock_row *row;
	struct utsname uts = { 0 };

	uname(&uts);
	for (row = bench->rows; row->name; row++)
		if (row->chosen)
			json_row(row);
	printf("{");
	print_json_text("kernel", uts.release);
	print_json_number("foreign_percent", true, rates->foreign);
	print_json_number("seconds", true, rates->seconds);
	printf("\"cpu\": %d, \"other_cpu\": %d, \"rounds\": %u, \"frame_length\": %d}\n",
	       rates->lab.cpu, rates->lab.other_cpu, rates->rounds, RATE_FRAME_LEN);
	return output_flush();
}
