/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One packet's row of the table, or line of JSON. Part of xdp_run_user. */
#ifndef RUN_PRINT_H
#define RUN_PRINT_H

#include <stdbool.h>

#include "packets/prog_run.h"

/*
 * Print the titles of the columns. This and what follows return 0, or -errno
 * after one error line when standard output did not take it.
 */
int run_print_titles(void);

/* Print what became of packet @number (the first one is 1). */
int run_print(unsigned int number, const struct prog_run_input *in,
	      const struct prog_run_result *result, bool json);

/* Print why packet @number of @len bytes was not run. */
int run_print_skipped(unsigned int number, unsigned int len, unsigned int max, bool json);

#endif /* RUN_PRINT_H */
