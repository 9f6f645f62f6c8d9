// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The results: a table for people, or JSON, one object a line. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "bench.h"
#include "log.h"

/* Less above the empty program is noise: nothing to divide by. */
#define LEAST 0.5

static const char *verdict(const struct bench_case *one)
{
	static const char *const names[] = { "ABORTED", "DROP", "PASS", "TX", "REDIRECT" };

	return one->verdict < sizeof(names) / sizeof(names[0]) ? names[one->verdict] : "?";
}

/* Space and @number, or a dash. */
static void number(bool is_known, int width, int digits, double number)
{
	if (is_known)
		printf(" %*.*f", width, digits, number);
	else
		printf(" %*s", width, "-");
}

static void print_ratios(const struct bench_case *one)
{
	bool is_known = one->old_ns > 0;

	number(is_known, 6, 2, one->ns / one->old_ns);
	number(is_known && one->old_above >= LEAST, 7, 2, one->above / one->old_above);
}

static void print_row(const struct bench_case *one, bool compare)
{
	printf("%-16s %-23s %-12s", one->name, one->program, one->packet.name);
	number(true, 6, 1, one->ns);
	number(true, 6, 1, one->above);
	number(one->goal >= 0, 4, 0, one->goal);
	number(one->back.ref_fd, 5, 1, one->back_ns);
	number(one->jited, 6, 0, one->jited);
	number(one->verified, 7, 0, one->verified);
	if (compare)
		print_ratios(one);
	printf(" %s\n", verdict(one));
}

int print_table(const struct bench *bench, bool compare)
{
	int i;

	if (!log_shows(LOG_LEVEL_INFO))
		return 0;
	printf("%-16s %-23s %-12s %6s %6s %4s %5s %6s %7s%s verdict\n", "case", "program", "packet",
	       "ns", "above", "goal", "back", "bytes", "insns", compare ? " ns/old  ab/old" : "");
	for (i = 0; i < bench->count; i++)
		print_row(&bench->cases[i], compare);
	printf("\nns: for each packet. above: the empty program. back: price of putting\n"
	       "the packet back, taken off. bytes: JITed. insns: the verifier's.\n"
	       "%u rounds of %u runs on CPU %d; others used %.0f %% of all CPUs meanwhile\n",
	       bench->rounds, bench->repeat, bench->cpu, bench->foreign);
	return output_flush();
}

static void json_case(const struct bench_case *one, bool compare)
{
	bool is_known = one->old_ns > 0;

	printf("{");
	print_json_text("case", one->name);
	print_json_text("text", one->text);
	print_json_text("object", one->object ? one->object : "");
	print_json_text("program", one->program);
	print_json_text("packet", one->packet.name);
	print_json_text("verdict", verdict(one));
	print_json_number("ns", true, one->ns);
	print_json_number("above", true, one->above);
	print_json_number("goal", one->goal >= 0, one->goal);
	print_json_number("put_back", one->back.ref_fd, one->back_ns);
	if (compare) {
		print_json_number("ns_ratio", is_known, one->ns / one->old_ns);
		print_json_number("above_ratio", is_known && one->old_above >= LEAST,
				  one->above / one->old_above);
	}
	print_json_number("insns", one->verified, one->verified);
	printf("\"jited\": %u}\n", one->jited);
}

int print_json(const struct bench *bench, bool compare)
{
	struct utsname uts = { 0 };
	int i;

	uname(&uts);
	for (i = 0; i < bench->count; i++)
		json_case(&bench->cases[i], compare);
	printf("{");
	print_json_text("kernel", uts.release);
	print_json_number("foreign_percent", true, bench->foreign);
	printf("\"cpu\": %d, \"rounds\": %u, \"repeat\": %u}\n", bench->cpu, bench->rounds,
	       bench->repeat);
	return output_flush();
}
