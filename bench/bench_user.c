// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What programs cost, in ns for each packet: bench.h says how. */
#include <errno.h>
#include <string.h>

#include "bench.h"
#include "log.h"
#include "ping.h"
#include "probe/probe.h"
#include "rate.h"
#include "sock.h"

#define ROUNDS 7
#define REPEAT 1000000

static const struct option_line options[] = {
	OPTION("live", 'l', NULL, OPTION_FLAG, struct bench_opts, live,
	       "measure Mpps of live frames in a lab of veths instead"),
	OPTION("af-xdp", 0, NULL, OPTION_FLAG, struct bench_opts, af_xdp,
	       "measure rates, processor time and round trips of AF_XDP there"),
	OPTION("ping", 0, NULL, OPTION_FLAG, struct bench_opts, ping,
	       "measure how many round trips a second pings reach there"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct bench_opts, json,
	       "print one JSON object a line instead of the table"),
	OPTION("save", 0, "FILE", OPTION_STRING, struct bench_opts, save,
	       "write the results to FILE as well"),
	OPTION("compare", 0, "FILE", OPTION_STRING, struct bench_opts, compare,
	       "add the ratios to the results in FILE, which --save wrote"),
	OPTION("case", 'c', "NAME", OPTION_STRINGS, struct bench_opts, only,
	       "measure this case only; may be a pattern, and be given again"),
	OPTION("peer", 0, "OBJ:PROG", OPTION_STRINGS, struct bench_opts, peers,
	       "measure this program as well, on each packet of the cases; or more"),
	OPTION("packet", 0, "FILE:N", OPTION_STRING, struct bench_opts, packet,
	       "measure peers on packet N of this capture file instead"),
	OPTION_RANGE("rounds", 0, "N", OPTION_UINT, struct bench_opts, rounds, 1, 1000,
		     "each case runs in so many rounds (default 7, live 11)"),
	OPTION_RANGE("seconds", 0, "S", OPTION_SECONDS, struct bench_opts, seconds, 0.01, 3600,
		     "live: so long in a round (default 0.2)"),
	OPTION_RANGE("repeat", 0, "N", OPTION_UINT, struct bench_opts, repeat, 1, 100000000,
		     "so often in a round (default 1000000)"),
	OPTION("cases", 0, "FILE", OPTION_STRING, struct bench_opts, cases,
	       "another table of cases (default bench/cases, live cases-live)"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Measure what XDP programs cost above an empty one, side by side, on packets\n"
		   "of capture files. Nothing is attached, and no packet leaves. With --live,\n"
		   "measure how many packets they carry, between veths in a network namespace\n"
		   "that nobody else sees.",
	.options = options,
};

/* Load all, measure in turns, and print. */
static int run(struct bench *bench, const struct bench_opts *opts)
{
	bool compare = opts->compare != NULL;
	int i, err = 0;

	/* Here and not later: a file that cannot be read costs no time. */
	if (compare)
		err = stored_read(bench, opts->compare);
	for (i = 1; !err && i < bench->count; i++)
		err = program_open(&bench->cases[i]);
	if (!err)
		err = rounds_run(bench);
	if (!err)
		err = opts->json ? print_json(bench, compare) : print_table(bench, compare);
	if (!err && opts->save)
		err = stored_save(bench, opts->save);
	return err;
}

static enum exit_status status_of(int err)
{
	switch (err) {
	case 0:
		return EXIT_OK;
	case -EINVAL:
		return EXIT_FAIL_OPTION;
	case -ENOEXEC:
		return EXIT_FAIL_BPF;
	case PROBE_UNSUPPORTED:
		return EXIT_SKIP;
	case -ENOMEM:
		pr_err("cannot go on: %s", strerror(ENOMEM));
		return EXIT_FAIL;
	default:
		return EXIT_FAIL;
	}
}

static int run_kernel_side(const struct bench_opts *opts)
{
	struct bench bench = {
		.rounds = opts->rounds ? opts->rounds : ROUNDS,
		.repeat = opts->repeat ? opts->repeat : REPEAT,
	};
	int err;

	if (opts->seconds > 0) {
		pr_err("--seconds is for --live, --af-xdp and --ping");
		return -EINVAL;
	}
	err = cases_read(&bench, opts);
	if (!err)
		bench.cpu = machine_pin();
	if (!err && bench.cpu < 0)
		err = bench.cpu;
	if (!err)
		err = run(&bench, opts);
	cases_close(&bench);
	return err;
}

static int run_kind(const struct bench_opts *opts)
{
	if (opts->ping)
		return ping_run(opts);
	if (opts->af_xdp)
		return sock_run(opts);
	return opts->live ? rate_run(opts) : run_kernel_side(opts);
}

int main(int argc, char **argv)
{
	struct bench_opts opts = { 0 };
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	return status_of(run_kind(&opts));
}
