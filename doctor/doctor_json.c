// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The report as JSON, one object a line. */
#include <stdio.h>
#include <string.h>

#include "doctor.h"

/*
 * The length of the UTF-8 character at @text: 1 to 4, or 0 if there is none.
 * Kernels and tools may say anything; JSON must be UTF-8.
 */
static int utf8_length(const unsigned char *text)
{
	int len, i;

	if (text[0] < 0x80)
		return 1;
	if (text[0] < 0xc2 || text[0] > 0xf4)
		return 0;
	len = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	for (i = 1; i < len; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* too long a form, a surrogate, beyond the last character */
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return len;
}

/* @text up to its end or to character @end, in quotes. */
static void print_string(const char *text, char end)
{
	const unsigned char *at = (const unsigned char *)text;
	int len;

	putchar('"');
	while (*at && *at != (unsigned char)end) {
		len = utf8_length(at);
		if (!len)
			printf("\\ufffd");
		else if (*at < 0x20 || *at == 0x7f)
			printf("\\u%04x", *at);
		else
			printf("%s%.*s", *at == '"' || *at == '\\' ? "\\" : "", len,
			       (const char *)at);
		at += len ? len : 1;
	}
	putchar('"');
}

static void print_lessons(const char *lessons)
{
	const char *at = lessons;

	putchar('[');
	while (*at) {
		if (at != lessons)
			printf(", ");
		print_string(at, ' ');
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	putchar(']');
}

void doctor_json(const struct finding *finding)
{
	int works = finding->works;

	printf("{\"group\": ");
	print_string(finding->group, 0);
	printf(", \"name\": ");
	print_string(finding->name, 0);
	printf(", \"ok\": %s, \"value\": ", works > 0 ? "true" : works ? "null" : "false");
	print_string(works > 0 ? finding->text : "", 0);
	printf(", \"reason\": ");
	print_string(works > 0 ? "" : finding->text, 0);
	printf(", \"lessons\": ");
	print_lessons(finding->lessons);
	printf(", \"remedy\": ");
	print_string(works > 0 ? "" : finding->remedy, 0);
	printf("}\n");
}
