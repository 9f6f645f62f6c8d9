/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Running another command and reading what it says: what a well-kept tool does
 * (ip, tc) needs no code of ours.
 */
#ifndef COMMON_TOOL_H
#define COMMON_TOOL_H

#include <stddef.h>

/*
 * Run argv[0], looked for in PATH and then in the folders of system tools,
 * with the arguments that follow it up to NULL, in the C locale and without
 * input, ten seconds at most. What it prints on either output is stored in
 * @out, cut to @size bytes with the final 0.
 *
 * Returns its exit status (128 + N when signal N ended it), or -errno when it
 * did not run: -ENOENT when there is none.
 */
int tool_run(const char *const argv[], char *out, size_t size);

/* Split @command at blanks and run it; words cannot be quoted. */
int tool_run_line(const char *command, char *out, size_t size);

#endif /* COMMON_TOOL_H */
