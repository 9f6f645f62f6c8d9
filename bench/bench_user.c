// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bench_user: what programs cost and carry. bench.h says how it is measured. */
#include <errno.h>
#include <string.h>

#include "bench.h"
#include "log.h"
#include "probe/probe.h"

static const struct option_line options[] = {
	OPTION("live", 'l', NULL, OPTION_FLAG, struct bench_opts, live,
	       "measure Mpps of live frames, between veths"),
	OPTION("af-xdp", 0, NULL, OPTION_FLAG, struct bench_opts, af_xdp,
	       "measure rates, processor time and round trips of AF_XDP, between veths"),
	OPTION("ping", 0, NULL, OPTION_FLAG, struct bench_opts, ping,
	       "measure round trips a second of pings, between veths"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct bench_opts, json,
	       "print one JSON object a line instead of the table"),
	OPTION("save", 0, "FILE", OPTION_STRING, struct bench_opts, save,
	       "write the results to FILE as well"),
	OPTION("compare", 0, "FILE", OPTION_STRING, struct bench_opts, compare,
	       "add the ratios to the results in FILE, which --save wrote"),
	OPTION("case", 'c', "NAME", OPTION_STRINGS, struct bench_opts, only,
	       "measure only this case, or those a pattern fits; may be repeated"),
	OPTION("against", 0, "OBJ:PROG", OPTION_STRINGS, struct bench_opts, against,
	       "measure this program as well, on each packet of the cases; may be repeated"),
	OPTION("packet", 0, "FILE:N", OPTION_STRING, struct bench_opts, packet,
	       "measure the programs of --against on packet N of this capture file instead"),
	OPTION_RANGE("rounds", 0, "N", OPTION_UINT, struct bench_opts, rounds, 1, ROUNDS_MAX,
		     "rounds in which each case has its turn (default 7; --live 11, others 9)"),
	OPTION_RANGE("seconds", 0, "S", OPTION_SECONDS, struct bench_opts, seconds, 0.01, 3600,
		     "length of a turn between veths (default 0.3; --live 0.2)"),
	OPTION_RANGE("repeat", 0, "N", OPTION_UINT, struct bench_opts, repeat, 1, 100000000,
		     "runs of a program on its packet in a turn (default 1000000)"),
	OPTION("cases", 0, "FILE", OPTION_STRING, struct bench_opts, cases,
	       "read the cases from FILE (default: bench/cases; --live: bench/cases-live)"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Measure what XDP programs cost above an empty one, side by side, on packets\n"
		   "of capture files. Nothing is attached, and no packet leaves. With --live,\n"
		   "--af-xdp or --ping, measure what they carry: packets go between veths in a\n"
		   "network namespace that nobody else sees.",
	.options = options,
};

/* Options that are not for what is measured. */
static int check_opts(const struct bench_opts *opts)
{
	bool on_packets = opts->against.count || opts->packet || opts->repeat;
	bool of_table = opts->save || opts->compare || opts->cases;

	if (opts->ping || opts->af_xdp) {
		if (!on_packets && !of_table && opts->live + opts->af_xdp + opts->ping == 1)
			return 0;
		pr_err("%s goes with --json, --case, --rounds and --seconds only",
		       opts->ping ? "--ping" : "--af-xdp");
	} else if (opts->live) {
		if (!on_packets)
			return 0;
		pr_err("--against, --packet and --repeat are not for --live");
	} else {
		if (opts->seconds <= 0)
			return 0;
		pr_err("--seconds is for --live, --af-xdp and --ping");
	}
	return -EINVAL;
}

static const struct kind *kind_of(const struct bench_opts *opts)
{
	if (opts->ping)
		return &pings_kind;
	if (opts->af_xdp)
		return &afxdp_kind;
	return opts->live ? &live_kind : &cost_kind;
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

int main(int argc, char **argv)
{
	struct bench_opts opts = { 0 };
	struct bench bench = { .opts = &opts, .other_cpu = -1 };
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (check_opts(&opts))
		return EXIT_FAIL_OPTION;
	bench.kind = kind_of(&opts);
	bench.rounds = opts.rounds ? opts.rounds : bench.kind->rounds;
	bench.repeat = opts.repeat ? opts.repeat : bench.kind->repeat;
	bench.seconds = opts.seconds > 0 ? opts.seconds : bench.kind->seconds;
	return status_of(bench_run(&bench));
}
