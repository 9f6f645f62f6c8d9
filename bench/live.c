// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * --live: what programs carry, in the lab of live_lab.h. In each round every case sends
 * for a moment. Before the first round each must show that the right frames arrive.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "live_lab.h"
#include "log.h"
#include "probe/probe.h"

enum { MPPS, NS, OF_DROP, OF_FORWARD, LOST, OLD_MPPS, OLD_OF_DROP };

static const struct column columns[] = {
	[MPPS] = { "Mpps", 6, 2, "mpps", .is_rate = true },
	[NS] = { "ns", 6, 0, NULL, .over = OVER_NONE },
	[OF_DROP] = { "x drop", 6, 2, "of_drop", .over = OVER_NONE },
	[OF_FORWARD] = { "x fwd", 6, 2, "of_forward", .over = OVER_NONE },
	[LOST] = { "lost%", 5, 1, "lost_percent", .over = OVER_MEDIAN },
	[OLD_MPPS] = { "x old", 6, 2, "mpps_ratio", .over = OVER_NONE, .compared = true },
	[OLD_OF_DROP] = { "drop'", 6, 2, "of_drop_ratio", .over = OVER_NONE, .compared = true },
};

static struct live_lab lab;

/* "drop:0.44,forward4:2.4", or "-". Cuts @text. */
static int read_goals(struct row *row, char *text)
{
	char *rest = text, *word, *colon;
	int n = 0;

	while (strcmp(text, "-") && (word = strsep(&rest, ","))) {
		colon = strchr(word, ':');
		if (!colon || n == ROW_GOALS)
			return -EINVAL;
		*colon = '\0';
		row->goals[n++] = (struct goal){ .of = word, .wanted = strtod(colon + 1, NULL) };
	}
	return 0;
}

/* The words of a line: name, object, program, forwarding case, frames, goals. */
static int read_case(struct bench *bench, struct row *row, char *const word[])
{
	struct live_case *one = (struct live_case *)row;

	if (strcmp(word[1], "-") && asprintf(&row->object, "%s/%s", bench->top, word[1]) < 0)
		return -ENOMEM;
	row->program = word[2];
	if (!read_goals(row, word[5]) && !live_case_set(one, word[4], word[3]))
		return 0;
	pr_err("bad case '%s': no way '%s', no frame '%s', or bad goals", row->name, word[3],
	       word[4]);
	return -EINVAL;
}

static int read_cases(struct bench *bench)
{
	char path[PATH_MAX + sizeof("/bench/cases-live")];
	int err;

	snprintf(path, sizeof(path), "%s/bench/cases-live", bench->top);
	err = rows_read(bench, bench->opts->cases ? bench->opts->cases : path,
			sizeof(struct live_case), 7, read_case);
	return err ? err : rows_choose(bench);
}

static int open_all(struct bench *bench)
{
	struct row *row;
	int err;

	bench->cpu = lab.cpu = machine_choose(&lab.other_cpu);
	if (bench->cpu < 0)
		return bench->cpu;
	err = probe_require("live_frames");
	if (!err)
		err = live_lab_open(&lab, bench->top);
	for (row = rows_next(bench, NULL); !err && row; row = rows_next(bench, row))
		err = live_case_open((struct live_case *)row, &lab, bench->top);
	for (row = rows_next(bench, NULL); !err && row; row = rows_next(bench, row))
		err = live_try(&lab, (struct live_case *)row);
	return err;
}

static int measure(struct bench *bench, struct row *row, unsigned int round)
{
	return live_measure(&lab, (struct live_case *)row, bench->seconds, &row->at[round][MPPS],
			    &row->at[round][LOST]);
}

static void finish(const struct bench *bench, struct row *row)
{
	const char *forward = ((struct live_case *)row)->ipv6 ? "forward6" : "forward4";
	double *figure = row->figure;

	figure[NS] = 1000 / figure[MPPS];
	figure[OF_DROP] = rows_ratio(bench, row, rows_find(bench, "drop"));
	figure[OF_FORWARD] = rows_ratio(bench, row, rows_find(bench, forward));
	if (row->old[0] > 0)
		figure[OLD_MPPS] = figure[MPPS] / row->old[0];
	if (row->old[1] > 0)
		figure[OLD_OF_DROP] = figure[OF_DROP] / row->old[1];
}

static void explain(const struct bench *bench)
{
	printf("Mpps: of %d-byte frames at the far end, sent and received on one CPU. x: times\n"
	       "what drop, and forwarding by the kernel (fwd), carries in the same round.\n"
	       "lost%%: of what came in. goals: times what that case carries (to be reached).\n"
	       "%u rounds of %g s on CPU %d; others used %.0f %% of all CPUs meanwhile\n",
	       LIVE_FRAME_LEN, bench->rounds, bench->seconds, bench->cpu, bench->other_load);
}

static void save_run(FILE *file, const struct bench *bench)
{
	fprintf(file, "# live: %u rounds of %g s on CPU %d, others used %.0f %% of all CPUs\n",
		bench->rounds, bench->seconds, bench->cpu, bench->other_load);
	fprintf(file, "# case program frame Mpps of-drop lost%%\n");
}

static void save(FILE *file, const struct row *row)
{
	fprintf(file, "%.6g %.6g %.2f\n", row->figure[MPPS], row->figure[OF_DROP],
		row->figure[LOST]);
}

static void close_all(struct bench *bench)
{
	struct row *row;

	for (row = bench->first; row; row = row->next)
		live_case_close((struct live_case *)row);
	live_lab_close(&lab);
}

const struct kind live_kind = {
	.words = { { "case", 15, "case" }, { "program", 22, "program" }, { "frame", 6, "frame" } },
	.columns = columns,
	.count = sizeof(columns) / sizeof(columns[0]),
	.behind = "  goals",
	.has_goals = true,
	.rounds = 11,
	.seconds = 0.2,
	.frame_len = LIVE_FRAME_LEN,
	.needed = { "drop", "forward4", "forward6" },
	.read = read_cases,
	.open = open_all,
	.measure = measure,
	.finish = finish,
	.explain = explain,
	.save_run = save_run,
	.save = save,
	.close = close_all,
};
