// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What programs carry: rate.h says how. */
#include <errno.h>
#include <string.h>

#include "log.h"
#include "probe/probe.h"
#include "rate.h"

#define ROUNDS 11
#define SECONDS 0.2

static int check_opts(const struct bench_opts *opts)
{
	if (!opts->peers.count && !opts->packet && !opts->repeat)
		return 0;
	pr_err("--peer, --packet and --repeat are not for --live");
	return -EINVAL;
}

static int open_all(struct rates *rates, const char *top)
{
	int i, err = rate_lab_make(&rates->lab);

	if (!err)
		err = rate_ends_open(&rates->lab, top);
	for (i = 0; !err && i < rates->count; i++)
		err = rate_open(&rates->cases[i], &rates->lab, top);
	return err;
}

static int measure(struct rates *rates, const struct bench_opts *opts, const char *top)
{
	int err = probe_require("live_frames");

	if (!err)
		err = open_all(rates, top);
	if (!err)
		err = rate_try(rates);
	if (!err)
		err = rate_rounds_run(rates);
	if (err)
		return err;
	return opts->json ? rate_print_json(rates, opts->compare) :
			    rate_print_table(rates, opts->compare);
}

int rate_run(const struct bench_opts *opts)
{
	struct rates rates = {
		.rounds = opts->rounds ? opts->rounds : ROUNDS,
		.seconds = opts->seconds > 0 ? opts->seconds : SECONDS,
	};
	char top[PATH_MAX];
	int err = check_opts(opts);

	if (!err)
		err = machine_top(top, sizeof(top));
	if (!err)
		err = rate_cases_read(&rates, opts, top);
	if (!err && opts->compare)
		err = rate_stored_read(&rates, opts->compare);
	if (!err) {
		rates.lab.cpu = machine_leave(&rates.lab.other_cpu);
		err = rates.lab.cpu < 0 ? rates.lab.cpu : 0;
	}
	if (!err)
		err = measure(&rates, opts, top);
	if (!err && opts->save)
		err = rate_stored_save(&rates, opts->save);
	rate_cases_close(&rates);
	rate_ends_close(&rates.lab);
	return err;
}
