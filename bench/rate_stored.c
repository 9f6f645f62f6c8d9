// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Live results in a file. */
#include <stdio.h>
#include <string.h>

#include "rate.h"

static void save_cases(FILE *file, const void *run)
{
	const struct rates *rates = run;
	const struct rate_case *one = rates->cases;
	int i;

	fprintf(file, "# live: %u rounds of %g s on CPU %d, others used %.0f %% of all CPUs\n",
		rates->rounds, rates->seconds, rates->lab.cpu, rates->foreign);
	fprintf(file, "# case program frame Mpps of-drop lost%%\n");
	for (i = 0; i < rates->count; i++, one++)
		fprintf(file, "%s %s %s %.6g %.6g %.2f\n", one->name, one->program, one->kind,
			one->mpps, one->of_drop, one->lost_percent);
}

int rate_stored_save(const struct rates *rates, const char *path)
{
	return stored_write(path, save_cases, rates);
}

static void take(void *run, const char *const word[3], double mpps, double of_drop)
{
	struct rates *rates = run;
	struct rate_case *one = rate_cases_find(rates, word[0]);

	if (!one || strcmp(one->program, word[1]) || strcmp(one->kind, word[2]))
		return;
	one->old_mpps = mpps;
	one->old_of_drop = of_drop;
}

int rate_stored_read(struct rates *rates, const char *path)
{
	return stored_find(path, take, rates);
}
