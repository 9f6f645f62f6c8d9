// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Members of JSON objects, for both kinds of runs. */
#include <stdio.h>

#include "bench.h"
#include "json.h"

void print_json_text(const char *name, const char *text)
{
	printf("\"%s\": ", name);
	json_string(stdout, text);
	printf(", ");
}

void print_json_number(const char *name, bool is_known, double number)
{
	if (is_known)
		printf("\"%s\": %.3f, ", name, number);
	else
		printf("\"%s\": null, ", name);
}
