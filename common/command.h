/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Running another command and reading its output: what a well-kept tool does
 * (ip, tc) needs no code of ours.
 */
#ifndef COMMON_COMMAND_H
#define COMMON_COMMAND_H

#include <stddef.h>

/* What is added to the number of the signal that ended a command. */
#define COMMAND_SIGNAL 128

/*
 * Run argv[0], looked for in PATH and then in the folders of system tools,
 * with the arguments that follow it up to NULL, in the C locale and without
 * input. What it prints on either output is stored in @out, cut to @size bytes
 * with the final 0. After ten seconds it and what it has started are killed.
 *
 * Returns its exit status (COMMAND_SIGNAL + N when signal N ended it), -ETIME
 * when it was killed, or -errno when it did not run: -ENOENT when there is
 * none.
 */
int command_run(const char *const argv[], char *out, size_t size);

/* Split @command at blanks and run it; words cannot be quoted. */
int command_run_line(const char *command, char *out, size_t size);

#endif /* COMMON_COMMAND_H */
