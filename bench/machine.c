// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The machine that measures: one of its CPUs, and what else it does. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
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

int machine_pin_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

int machine_pin(void)
{
	cpu_set_t set;
	int cpu, err = sched_getaffinity(0, sizeof(set), &set) ? -errno : 0;

	cpu = err ? 0 : last(&set);
	if (!err)
		err = machine_pin_to(cpu);
	if (!err)
		return cpu;
	pr_err("cannot stay on one CPU: %s", strerror(-err));
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

int scan_file(const char *path, const char *fmt, ...)
{
	FILE *file = fopen(path, "re");
	int found = -1;
	va_list args;

	if (!file)
		return -1;
	va_start(args, fmt);
	found = vfscanf(file, fmt, args);
	va_end(args);
	fclose(file);
	return found;
}

/* What all CPUs have done since they started. */
static void read_stat(struct machine_use *use)
{
	double user, nice, system, idle, iowait, irq, softirq, steal;

	if (scan_file("/proc/stat", "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system,
		      &idle, &iowait, &irq, &softirq, &steal) != 8)
		return;
	use->busy = (user + nice + system + irq + softirq + steal) / (double)sysconf(_SC_CLK_TCK);
	use->all = use->busy + (idle + iowait) / (double)sysconf(_SC_CLK_TCK);
}

static double seconds_of(const struct rusage *use)
{
	return (double)(use->ru_utime.tv_sec + use->ru_stime.tv_sec) +
	       (double)(use->ru_utime.tv_usec + use->ru_stime.tv_usec) / 1e6;
}

void machine_read(struct machine_use *use)
{
	struct rusage own = { 0 };

	*use = (struct machine_use){ 0 };
	read_stat(use);
	getrusage(RUSAGE_SELF, &own);
	use->own = seconds_of(&own);
	getrusage(RUSAGE_CHILDREN, &own);
	use->own += seconds_of(&own);
}

double machine_other_load(const struct machine_use *before, const struct machine_use *after)
{
	double all = after->all - before->all;
	double others = after->busy - before->busy - (after->own - before->own);

	return all > 0 && others > 0 ? 100 * others / all : 0;
}
