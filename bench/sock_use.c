// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The processor time that af_xdp_user has used. */
#define _GNU_SOURCE
#include <glob.h>
#include <stdio.h>

#include "sock.h"

double sock_child_cpu(const struct sock_child *child)
{
	unsigned long long ns;
	char pattern[64];
	double sum = 0;
	glob_t found;
	FILE *file;
	size_t i;

	snprintf(pattern, sizeof(pattern), "/proc/%d/task/*/schedstat", (int)child->pid);
	if (glob(pattern, GLOB_NOSORT, NULL, &found))
		return 0;
	for (i = 0; i < found.gl_pathc; i++) {
		file = fopen(found.gl_pathv[i], "re");
		if (file && fscanf(file, "%llu", &ns) == 1)
			sum += (double)ns / 1e9;
		if (file)
			fclose(file);
	}
	globfree(&found);
	return sum;
}
