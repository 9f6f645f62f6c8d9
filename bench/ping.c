// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What pings reach: ping.h says how. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "log.h"
#include "ping.h"
#include "probe/probe.h"

#define ROUNDS 9
#define SECONDS 0.3

static int check_opts(const struct bench_opts *opts)
{
	if (!opts->peers.count && !opts->packet && !opts->repeat && !opts->save && !opts->compare &&
	    !opts->cases && !opts->live && !opts->af_xdp)
		return 0;
	pr_err("--ping goes with --json, --case, --rounds and --seconds only");
	return -EINVAL;
}

/* A pattern that fits nothing is a mistake. */
static int check_pattern(const struct ping_row *row, const char *pattern)
{
	while (row->name && fnmatch(pattern, row->name, 0))
		row++;
	if (row->name)
		return 0;
	pr_err("there is no case '%s'", pattern);
	return -EINVAL;
}

/* With what goals are ratios to. */
static void choose_row(struct ping_row *rows, struct ping_row *row)
{
	struct ping_row *base;
	int i;

	row->chosen = true;
	for (i = 0; i < PING_GOALS && row->goals[i].of; i++) {
		base = ping_row_find(rows, row->goals[i].of);
		if (base)
			base->chosen = true;
	}
}

static int choose(struct ping_row *rows, const struct option_strings *only)
{
	struct ping_row *row;
	int i, err = 0;

	for (i = 0; !err && i < only->count; i++)
		err = check_pattern(rows, only->at[i]);
	for (row = rows; !err && row->name; row++)
		if (cases_chosen(row->name, only))
			choose_row(rows, row);
	return err;
}

static bool is_installed(const char *name)
{
	const char *const argv[] = { name, "-V", NULL };
	char said[64];

	return command_run(argv, said, sizeof(said)) >= 0;
}

static int require(struct ping_bench *bench, const char *top)
{
	struct ping_row *nping = ping_row_find(bench->rows, "nping");
	const char *command = bench->command;
	int err = probe_require("live_frames");

	if (!err)
		err = probe_require("af_xdp");
	if (err)
		return err;
	nping->missing = nping->chosen && !is_installed("nping");
	nping->chosen &= !nping->missing;
	snprintf(bench->command, sizeof(bench->command), "%s/advanced04-xdp-ping/xdp_ping_user",
		 top);
	if (!is_installed("ping")) {
		command = "ping";
		errno = ENOENT;
	} else if (!access(command, X_OK)) {
		return 0;
	}
	pr_err("cannot run '%s': %s", command, strerror(errno));
	return errno == ENOENT ? PROBE_UNSUPPORTED : -EIO;
}

static int measure(struct ping_bench *bench, const struct bench_opts *opts, const char *top)
{
	int other, err = require(bench, top);

	if (err)
		return err;
	bench->cpu = machine_leave(&other);
	if (bench->cpu < 0)
		return bench->cpu;
	err = ping_lab_make(bench, top);
	if (!err)
		err = ping_rounds_run(bench);
	if (err)
		return err;
	return opts->json ? ping_print_json(bench) : ping_print_table(bench);
}

int ping_run(const struct bench_opts *opts)
{
	struct ping_bench bench = { .rows = ping_rows() };
	struct ping_row *row;
	char top[PATH_MAX];
	int err = check_opts(opts);

	bench.rounds = opts->rounds ? opts->rounds : ROUNDS;
	bench.seconds = opts->seconds > 0 ? opts->seconds : SECONDS;
	if (!err)
		err = choose(bench.rows, &opts->only);
	if (!err)
		err = machine_top(top, sizeof(top));
	if (err)
		return err;
	err = measure(&bench, opts, top);
	ping_lab_close(&bench);
	for (row = bench.rows; row->name; row++)
		free(row->at);
	return err;
}
