/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Values and help texts of options. Part of options; commands use options.h. */
#ifndef COMMON_OPTIONS_VALUE_H
#define COMMON_OPTIONS_VALUE_H

#include "options.h"

/* Version that -V prints. */
#define OPTIONS_VERSION "0.1"

/* True for the types that are followed by a value. */
bool options_takes_value(const struct option_line *line);

/*
 * Check @text against @line and store its value in @values. @text is NULL for
 * an option without a value. Returns 0, or -EINVAL after one error line; then
 * nothing is stored.
 */
int options_store(const struct option_line *line, const char *text, void *values);

/* Print the help text to standard output. */
void options_help(const struct option_spec *spec, const struct option_line *every_command);

#endif /* COMMON_OPTIONS_VALUE_H */
