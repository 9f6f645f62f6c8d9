// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The machine that measures: one of its CPUs, and what else it does. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench.h"
#include "log.h"

int machine_top(char *top, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", top, size - 1);
	int i;

	top[len > 0 ? len : 0] = '\0';
	for (i = 0; i < 2; i++) {
		if (!strrchr(top, '/')) {
			pr_err("cannot find the folder of this command");
			return -EIO;
		}
		*strrchr(top, '/') = '\0';
	}
	return 0;
}

/* The last CPU of @set: most interrupts go to the first. */
static int last(const cpu_set_t *set)
{
	int cpu;

	for (cpu = CPU_SETSIZE - 1; cpu > 0 && !CPU_ISSET(cpu, set); cpu--)
		;
	return cpu;
}

int machine_pin(void)
{
	cpu_set_t set;
	int cpu;

	if (sched_getaffinity(0, sizeof(set), &set))
		goto fail;
	cpu = last(&set);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (!sched_setaffinity(0, sizeof(set), &set))
		return cpu;
fail:
	pr_err("cannot stay on one CPU: %s", strerror(errno));
	return -EIO;
}

int machine_leave(int *other)
{
	cpu_set_t set;
	int cpu;

	if (sched_getaffinity(0, sizeof(set), &set))
		goto fail;
	cpu = last(&set);
	*other = cpu;
	if (CPU_COUNT(&set) == 1)
		return cpu;
	CPU_CLR(cpu, &set);
	*other = last(&set);
	if (!sched_setaffinity(0, sizeof(set), &set))
		return cpu;
fail:
	pr_err("cannot leave a CPU free: %s", strerror(errno));
	return -EIO;
}

/* What all CPUs have done since they started, in ticks. */
static void look_at_all(struct machine_use *use)
{
	/* user nice system idle iowait irq softirq steal */
	double ticks[8] = { 0 };
	FILE *file = fopen("/proc/stat", "re");
	int i, found = 0;

	if (!file)
		return;
	if (!fscanf(file, "cpu"))
		for (i = 0; i < 8 && fscanf(file, "%lf", &ticks[i]) == 1; i++)
			found++;
	fclose(file);
	for (i = 0; i < found; i++) {
		use->all += ticks[i];
		if (i != 3 && i != 4)
			use->busy += ticks[i];
	}
	use->all /= (double)sysconf(_SC_CLK_TCK);
	use->busy /= (double)sysconf(_SC_CLK_TCK);
}

static double seconds_of(const struct rusage *use)
{
	return (double)(use->ru_utime.tv_sec + use->ru_stime.tv_sec) +
	       (double)(use->ru_utime.tv_usec + use->ru_stime.tv_usec) / 1e6;
}

void machine_look(struct machine_use *use)
{
	struct rusage own = { 0 };

	*use = (struct machine_use){ 0 };
	look_at_all(use);
	getrusage(RUSAGE_SELF, &own);
	use->own = seconds_of(&own);
	getrusage(RUSAGE_CHILDREN, &own);
	use->own += seconds_of(&own);
}

double machine_foreign(const struct machine_use *before, const struct machine_use *after)
{
	double all = after->all - before->all;
	double foreign = after->busy - before->busy - (after->own - before->own);

	return all > 0 && foreign > 0 ? 100 * foreign / all : 0;
}
