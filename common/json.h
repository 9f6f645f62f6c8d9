/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The JSON that --json prints (RFC 8259): a writer that knows where commas go,
 * and escapes what must be.
 *
 *	struct json json = { .out = stdout };
 *
 *	json_open(&json, NULL, '{');
 *	json_text(&json, "ifname", "veth0");
 *	json_open(&json, "queues", '[');
 *	json_member(&json, NULL, "%u", 3);
 *	json_close(&json);
 *	json_close(&json);
 *
 * prints {"ifname": "veth0", "queues": [3]} and a new line. Errors show in
 * ferror(), see output_flush() in log.h.
 */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <stdbool.h>
#include <stdio.h>

#define JSON_DEPTH_MAX 64

struct json {
	FILE *out;
	int depth; /* objects and arrays that are open */
	bool more; /* a comma goes before the next member */
	char close[JSON_DEPTH_MAX];
};

/*
 * Begin an object (@bracket '{') or an array ('['). @name is the member's name
 * in an object; NULL in an array, and for the outermost one.
 */
void json_open(struct json *json, const char *name, char bracket);

/* End the innermost of them; after the outermost one a new line is printed. */
void json_close(struct json *json);

/* A number, true, false or null, as printf(3) prints it: "%u", "%.3f", "null". */
void json_member(struct json *json, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A string. */
void json_text(struct json *json, const char *name, const char *text);

/* A number with 3 decimals, or null when it is not @known. */
void json_number(struct json *json, const char *name, bool known, double number);

/*
 * Print @text to @out between double quotes, with everything escaped that must
 * be; a byte that is no part of a UTF-8 character becomes U+FFFD.
 */
void json_string(FILE *out, const char *text);

/*
 * The bytes of the UTF-8 character at @text (RFC 3629): 1 to 4, or 0 where
 * there is none. Kernels, tools and names of interfaces may hold any byte.
 */
int utf8_length(const char *text);

#endif /* COMMON_JSON_H */
