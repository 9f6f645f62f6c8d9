// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Escaping for JSON: interface names may hold nearly any byte. */
#include "json.h"

void json_string(FILE *out, const char *text)
{
	const unsigned char *at;

	fputc('"', out);
	for (at = (const unsigned char *)text; *at; at++) {
		if (*at == '"' || *at == '\\')
			fprintf(out, "\\%c", *at);
		else if (*at < 0x20 || *at == 0x7f)
			fprintf(out, "\\u%04x", *at);
		else if (*at > 0x7f)
			fputs("\\ufffd", out);
		else
			fputc(*at, out);
	}
	fputc('"', out);
}
