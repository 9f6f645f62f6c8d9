// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Round by round: the empty program, then each case once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "log.h"

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

double rounds_median(double *values, unsigned int count)
{
	qsort(values, count, sizeof(*values), compare);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* One call for @fd; a case that does not behave as it did is an error. */
static int call(struct bench_case *one, int fd, unsigned int repeat, double *ns)
{
	struct put_back_run run;
	int err = put_back_call(&one->back, fd, &one->packet, repeat, &run);

	if (err) {
		pr_err("cannot run '%s' on '%s': %s", one->program, one->packet.name,
		       strerror(-err));
		return -EIO;
	}
	*ns = run.ns;
	if (fd != one->back.fd)
		return 0;
	one->verdict = run.verdict;
	if (!put_back_missed(&one->back, &one->packet))
		return 0;
	pr_err("cannot measure '%s' on '%s': it changes the packet in another way each time",
	       one->program, one->packet.name);
	return -EIO;
}

static int run_round(struct bench *bench, unsigned int round)
{
	struct bench_case *one = bench->cases;
	int i, err = 0;

	for (i = 0; !err && i < bench->count; i++, one++) {
		err = call(one, one->back.fd, bench->repeat, &one->raw[round]);
		one->ref[round] = bench->cases->raw[round];
		if (!err && one->back.ref_fd)
			err = call(one, one->back.ref_fd, bench->repeat, &one->ref[round]);
	}
	return err;
}

/*
 * The price of putting back is what the program that only does that costs
 * above the empty one. It is in both @raw and @ref.
 */
static void conclude(const struct bench *bench, struct bench_case *one, double *work)
{
	const double *empty = bench->cases->raw;
	unsigned int i;

	for (i = 0; i < bench->rounds; i++)
		work[i] = one->raw[i] - one->ref[i];
	one->above = rounds_median(work, bench->rounds);
	for (i = 0; i < bench->rounds; i++)
		work[i] = one->ref[i] - empty[i];
	one->back_ns = rounds_median(work, bench->rounds);
	for (i = 0; i < bench->rounds; i++)
		work[i] = one->raw[i] - (one->ref[i] - empty[i]);
	one->ns = rounds_median(work, bench->rounds);
}

static int allocate(struct bench *bench)
{
	int i;

	for (i = 0; i < bench->count; i++) {
		bench->cases[i].raw = calloc(bench->rounds, sizeof(double));
		bench->cases[i].ref = calloc(bench->rounds, sizeof(double));
		if (!bench->cases[i].raw || !bench->cases[i].ref)
			return -ENOMEM;
	}
	return 0;
}

int rounds_run(struct bench *bench)
{
	double *work = calloc(bench->rounds, sizeof(*work));
	struct machine_use before, after;
	unsigned int round;
	int i, err = work ? allocate(bench) : -ENOMEM;

	machine_look(&before);
	for (round = 0; !err && round < bench->rounds; round++)
		err = run_round(bench, round);
	machine_look(&after);
	bench->foreign = machine_foreign(&before, &after);
	for (i = 0; !err && i < bench->count; i++)
		conclude(bench, &bench->cases[i], work);
	free(work);
	return err;
}
