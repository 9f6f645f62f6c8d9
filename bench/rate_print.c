// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The live results: a table for people, or JSON, one object a line. */
#include <stdio.h>
#include <sys/utsname.h>

#include "rate.h"
#include "log.h"

/* Space and @value, or a dash where it is not known. */
static void number(double value)
{
	if (value > 0)
		printf(" %6.2f", value);
	else
		printf(" %6s", "-");
}

static void print_row(const struct rate_case *one, bool compare)
{
	const struct rate_goal *goal;

	printf("%-15s %-22s %-6s %6.2f %6.0f", one->name, one->program, one->kind, one->mpps,
	       1000 / one->mpps);
	number(one->of_drop);
	number(one->of_forward);
	printf(" %5.1f", one->lost_percent);
	if (compare) {
		number(one->old_mpps > 0 ? one->mpps / one->old_mpps : 0);
		number(one->old_of_drop > 0 ? one->of_drop / one->old_of_drop : 0);
	}
	for (goal = one->goals; goal < one->goals + one->n_goals; goal++)
		printf("%s%s %.2f (%.2f)", goal == one->goals ? "  " : ", ", goal->base,
		       goal->reached, goal->wanted);
	printf("\n");
}

int rate_print_table(const struct rates *rates, bool compare)
{
	int i;

	if (!log_shows(LOG_LEVEL_INFO))
		return 0;
	printf("%-15s %-22s %-6s %6s %6s %6s %6s %5s%s  goals\n", "case", "program", "frame",
	       "Mpps", "ns", "x drop", "x fwd", "lost%", compare ? "  x old  drop'" : "");
	for (i = 0; i < rates->count; i++)
		print_row(&rates->cases[i], compare);
	printf("\nMpps: of %d-byte frames at the far end, sent and received on one CPU. x: times\n"
	       "what drop, and forwarding by the kernel (fwd), carries in the same round.\n"
	       "lost%%: of what came in. goals: times what that case carries (to be reached).\n"
	       "%u rounds of %g s on CPU %d; others used %.0f %% of all CPUs meanwhile\n",
	       RATE_FRAME_LEN, rates->rounds, rates->seconds, rates->lab.cpu, rates->foreign);
	return output_flush();
}

static void json_goals(const struct rate_case *one)
{
	const struct rate_goal *goal;

	printf("\"goals\": [");
	for (goal = one->goals; goal < one->goals + one->n_goals; goal++) {
		printf("%s{", goal == one->goals ? "" : ", ");
		print_json_text("of", goal->base);
		printf("\"goal\": %.3f, \"reached\": %.3f}", goal->wanted, goal->reached);
	}
	printf("]");
}

static void json_case(const struct rate_case *one, bool compare)
{
	printf("{");
	print_json_text("case", one->name);
	print_json_text("text", one->text);
	print_json_text("object", one->object ? one->object : "");
	print_json_text("program", one->program);
	print_json_text("frame", one->kind);
	print_json_number("mpps", true, one->mpps);
	print_json_number("of_drop", true, one->of_drop);
	print_json_number("of_forward", true, one->of_forward);
	print_json_number("lost_percent", true, one->lost_percent);
	if (compare) {
		print_json_number("mpps_ratio", one->old_mpps > 0, one->mpps / one->old_mpps);
		print_json_number("of_drop_ratio", one->old_of_drop > 0,
				  one->of_drop / one->old_of_drop);
	}
	json_goals(one);
	printf("}\n");
}

int rate_print_json(const struct rates *rates, bool compare)
{
	struct utsname uts = { 0 };
	int i;

	uname(&uts);
	for (i = 0; i < rates->count; i++)
		json_case(&rates->cases[i], compare);
	printf("{");
	print_json_text("kernel", uts.release);
	print_json_number("foreign_percent", true, rates->foreign);
	print_json_number("seconds", true, rates->seconds);
	printf("\"cpu\": %d, \"rounds\": %u, \"frame_length\": %d}\n", rates->lab.cpu,
	       rates->rounds, RATE_FRAME_LEN);
	return output_flush();
}
