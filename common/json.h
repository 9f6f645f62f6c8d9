/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Strings in the JSON that --json prints (RFC 8259). */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <stdio.h>

/*
 * Print @text to @out between double quotes, with everything escaped that must
 * be; bytes that are not ASCII become U+FFFD. Errors show in ferror(@out).
 */
void json_string(FILE *out, const char *text);

#endif /* COMMON_JSON_H */
