/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The decisive lines of a verifier log. Part of log; commands use log.h.
 *
 * A log may run to a million lines, and says why in the last few: the C source
 * line (when the object was built with -g), the instruction made from it, and
 * the sentence. verifier01-rules teaches how to read the rest.
 */
#ifndef COMMON_LOG_VERIFIER_H
#define COMMON_LOG_VERIFIER_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Keep the log in @message, if it is libbpf's report of a rejected program:
 * "libbpf: prog 'NAME': -- BEGIN PROG LOAD LOG -- ...". It replaces an earlier one.
 * Without memory nothing is kept.
 */
void verifier_log_keep(const char *message);

/* True when the log kept is about program @name, and says why. */
bool verifier_log_is_about(const char *name);

/* Print the decisive lines of the log kept, if any, each after two blanks. */
void verifier_log_print(FILE *out);

#endif /* COMMON_LOG_VERIFIER_H */
