// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The machine that measures: its CPUs, and numbers in its files. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "log.h"

/* The last CPU of @set: most interrupts go to the first. */
static int last(const cpu_set_t *set)
{
	int cpu;

	for (cpu = CPU_SETSIZE - 1; cpu > 0 && !CPU_ISSET(cpu, set); cpu--)
		;
	return cpu;
}

int machine_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

int machine_choose(int *other)
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
