/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Running one program on all CPUs at once. Part of xdp_compare_user. */
#ifndef COMPARE_H
#define COMPARE_H

/* What was run. */
struct compare_run {
	unsigned long long packets; /* on all CPUs together */
	double ns; /* for each, the mean over the CPUs */
};

/*
 * Run program @prog_fd @repeat times on each CPU that this process may use, at
 * the same time. Returns 0 or -errno; *@run says how much was run until then.
 */
int compare_run(int prog_fd, unsigned int repeat, struct compare_run *run);

#endif /* COMPARE_H */
