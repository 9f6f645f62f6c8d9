/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Sets of CPUs, as lists like "0,2-3", and which CPUs the machine has. Taught
 * in packet04-cpumap.
 */
#ifndef COMMON_CPUS_H
#define COMMON_CPUS_H

#include <stdbool.h>
#include <stddef.h>

#define CPUS_MAX 4096

/* The CPUs of a set, in ascending order. */
struct cpus {
	unsigned int count;
	unsigned int cpu[CPUS_MAX];
};

/*
 * Read a list of numbers and ranges, with commas in between. Returns 0; -EINVAL
 * when @text is none, -ERANGE when a number is not below CPUS_MAX; then *@cpus
 * is not to be used.
 */
int cpus_parse(const char *text, struct cpus *cpus);

/*
 * The CPUs that the kernel calls @kind: "online" (they run), or "possible"
 * (there may ever be; per-CPU maps have a value for each of them, in this
 * order). Returns 0 or -errno.
 */
int cpus_read(const char *kind, struct cpus *cpus);

/* Where in @cpus the CPU with number @cpu is; @cpus->count where it is not. */
unsigned int cpus_index(const struct cpus *cpus, unsigned int cpu);

bool cpus_has(const struct cpus *cpus, unsigned int cpu);

/* Store @cpus as a list, cut to @size bytes with the final 0; returns @text. */
const char *cpus_format(const struct cpus *cpus, char *text, size_t size);

#endif /* COMMON_CPUS_H */
