// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What AF_XDP carries and costs: sock.h says how. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "probe/probe.h"
#include "sock.h"

#define ROUNDS 9
#define SECONDS 0.3

static int check_opts(const struct bench_opts *opts)
{
	if (!opts->peers.count && !opts->packet && !opts->repeat && !opts->save && !opts->compare &&
	    !opts->cases && !opts->live)
		return 0;
	pr_err("--af-xdp goes with --json, --case, --rounds and --seconds only");
	return -EINVAL;
}

/* A pattern that fits nothing is a mistake. */
static int check_pattern(const struct sock_row *row, const char *pattern)
{
	for (; row->name; row++)
		if (!fnmatch(pattern, row->name, 0))
			return 0;
	pr_err("there is no case '%s'", pattern);
	return -EINVAL;
}

/* Those that --case says, and what they are compared with. */
static int choose(struct sock_row *rows, const struct option_strings *only)
{
	struct sock_row *row, *base;
	int i, err = 0;

	for (i = 0; !err && i < only->count; i++)
		err = check_pattern(rows, only->at[i]);
	for (row = rows; row->name; row++) {
		if (!cases_chosen(row->name, only))
			continue;
		row->chosen = true;
		for (i = 0; i < SOCK_GOALS && row->goals[i].of; i++) {
			base = sock_row_find(rows, row->goals[i].of);
			if (base)
				base->chosen = true;
		}
	}
	return err;
}

/* Frames come from the CPU that most interrupts go to, as they would. */
static int choose_cpus(struct rate_lab *lab)
{
	int cpu = machine_leave(&lab->other_cpu);

	if (cpu < 0)
		return cpu;
	lab->cpu = lab->other_cpu;
	lab->other_cpu = cpu;
	return 0;
}

/* What this machine or this build may lack. */
static int require(struct sock_bench *bench, const char *top)
{
	int err = probe_require("live_frames");

	if (!err)
		err = probe_require("af_xdp");
	snprintf(bench->command, sizeof(bench->command), "%s/advanced03-AF_XDP/af_xdp_user", top);
	if (err || !access(bench->command, X_OK))
		return err;
	pr_err("cannot run '%s': %s", bench->command, strerror(errno));
	return errno == ENOENT ? PROBE_UNSUPPORTED : -EIO;
}

static int measure(struct sock_bench *bench, const struct bench_opts *opts, const char *top)
{
	int err = require(bench, top);

	if (!err)
		err = choose_cpus(&bench->rates.lab);
	if (!err)
		err = sock_lab_make(bench, top);
	if (!err)
		err = sock_rounds_run(bench);
	if (err)
		return err;
	return opts->json ? sock_print_json(bench) : sock_print_table(bench);
}

int sock_run(const struct bench_opts *opts)
{
	struct sock_bench bench = { .rows = sock_rows() };
	struct sock_row *row;
	char top[PATH_MAX];
	int err = check_opts(opts);

	bench.rates.rounds = opts->rounds ? opts->rounds : ROUNDS;
	bench.rates.seconds = opts->seconds > 0 ? opts->seconds : SECONDS;
	if (!err)
		err = choose(bench.rows, &opts->only);
	if (!err)
		err = machine_top(top, sizeof(top));
	if (err)
		return err;
	err = measure(&bench, opts, top);
	sock_lab_close(&bench);
	for (row = bench.rows; row->name; row++)
		free(row->at);
	return err;
}
